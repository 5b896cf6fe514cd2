//! Small answers, in words.

use warp::{
    Reply,
    http::{HeaderMap, HeaderName, HeaderValue, Response as HttpResponse, StatusCode, header},
    reply::Response,
};

/// A text for a person.
pub(super) fn words(status: StatusCode, text: impl Into<String>) -> Response {
    let mut response = HttpResponse::new(format!("{}\n", text.into())).into_response();
    *response.status_mut() = status;
    set(response.headers_mut(), header::CONTENT_TYPE, "text/plain; charset=utf-8");
    set(response.headers_mut(), header::CACHE_CONTROL, "no-store");
    response
}

/// There is no such thing.
pub(super) fn not_found() -> Response {
    words(StatusCode::NOT_FOUND, "There is nothing here.")
}

/// Sets a header to a value known to be visible ASCII; any other is left out.
pub(super) fn set(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}
