//! The map's files, for any page: the client of another site may draw this relay's map.

use warp::{
    Reply,
    http::{HeaderMap, HeaderValue, Response as HttpResponse, StatusCode, header},
    reply::Response,
};

use super::{
    answer::{self, set},
    caching::{self, GZIP},
};
use crate::campus::Campus;

/// The list of files: what a client asks for first.
const CURRENT: &str = "current.json";

/// Answers a request below `/map/`.
pub(super) fn serve(campus: &Campus, name: &str, query: &str, request: &HeaderMap) -> Response {
    let mut response = if name == CURRENT { current(campus, request) } else { file(campus, name, query, request) };
    response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}

fn current(campus: &Campus, request: &HeaderMap) -> Response {
    let files: Vec<_> = campus.files.keys().collect();
    let json = serde_json::json!({ "file": campus.map_ref.file.as_str(), "hash": campus.hash(), "files": files });
    let etag = format!("\"{}\"", campus.hash());
    respond(json.to_string().into(), "application/json", &etag, caching::ASK_FIRST, request)
}

fn file(campus: &Campus, name: &str, query: &str, request: &HeaderMap) -> Response {
    let Some(file) = campus.files.get(name) else { return answer::not_found() };
    // Named together with its content, it never changes.
    let is_for_ever = query.split('&').any(|pair| pair.strip_prefix("v=") == Some(campus.hash().as_str()));
    let caching = if is_for_ever { caching::FOR_EVER } else { caching::ASK_FIRST };
    let kind = if file.is_picture { "image/png" } else { "application/xml" };
    let takes_packed = caching::accepted(request).any(|encoding| encoding == GZIP);
    let packed = file.packed.as_ref().filter(|_| takes_packed);
    let etag = format!("\"{}{}\"", campus.hash(), if packed.is_some() { "-gzip" } else { "" });
    let mut response = respond(packed.unwrap_or(&file.bytes).clone(), kind, &etag, caching, request);
    set(response.headers_mut(), header::VARY, "accept-encoding");
    if packed.is_some() && response.status() == StatusCode::OK {
        set(response.headers_mut(), header::CONTENT_ENCODING, GZIP.name);
    }
    response
}

fn respond(body: bytes::Bytes, kind: &str, etag: &str, caching: &str, request: &HeaderMap) -> Response {
    let mut response = if caching::has_it(request, etag, None) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let mut response = HttpResponse::new(body).into_response();
        set(response.headers_mut(), header::CONTENT_TYPE, kind);
        response
    };
    set(response.headers_mut(), header::ETAG, etag);
    set(response.headers_mut(), header::CACHE_CONTROL, caching);
    response
}
