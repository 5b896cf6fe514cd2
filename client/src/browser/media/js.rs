//! What web-sys has no words for yet.

use js_sys::{Array, Function, JSON, Promise, Reflect};
use serde_json::Value;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

/// A dictionary, as interfaces of browsers take them.
pub(super) fn dictionary<T: JsCast>(value: &Value) -> T {
    // JSON that was just written can be read.
    JSON::parse(&value.to_string()).unwrap_or_default().unchecked_into()
}

/// A member of an object, if it is there.
pub(super) fn get(object: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(object, &name.into()).ok().filter(|value| !value.is_undefined() && !value.is_null())
}

/// A number that is a member of an object.
pub(super) fn number(object: &JsValue, name: &str) -> Option<f64> {
    get(object, name)?.as_f64()
}

/// A text that is a member of an object.
pub(super) fn text(object: &JsValue, name: &str) -> Option<String> {
    get(object, name)?.as_string()
}

/// Whether an object of this browser can do that.
pub(super) fn can(object: &JsValue, method: &str) -> bool {
    get(object, method).is_some_and(|method| method.is_function())
}

/// Sets a member of an object, if the object lets one.
pub(super) fn set(object: &JsValue, name: &str, value: &JsValue) {
    let _ = Reflect::set(object, &name.into(), value);
}

/// Has an object do something.
///
/// # Errors
/// What it throws; a type error if it cannot do that at all.
pub(super) fn invoke(object: &JsValue, method: &str, parameters: &[&JsValue]) -> Result<JsValue, JsValue> {
    let method: Function = Reflect::get(object, &method.into())?.dyn_into()?;
    method.apply(object, &parameters.iter().collect::<Array>())
}

/// Has an object do something, and waits until it is done.
///
/// # Errors
/// What it throws, at once or later.
pub(super) async fn perform(object: &JsValue, method: &str, parameters: &[&JsValue]) -> Result<JsValue, JsValue> {
    let promise = invoke(object, method, parameters)?;
    JsFuture::from(Promise::resolve(&promise)).await
}

/// Lets something go on of which nobody has to know the end.
pub(super) fn ignore(promise: Result<JsValue, JsValue>) {
    if let Ok(promise) = promise {
        spawn_local(async move {
            let _ = JsFuture::from(Promise::resolve(&promise)).await;
        });
    }
}

/// The same object once more. Of a stream or a track the method `clone` is the browser's own, which captures anew: what
/// it gives is switched by nobody, and keeps the camera's light on.
pub(super) fn same<T: Clone>(object: &T) -> T {
    Clone::clone(object)
}

/// The name of what was thrown, for a `DOMException`.
pub(super) fn error_name(error: &JsValue) -> String {
    text(error, "name").unwrap_or_default()
}
