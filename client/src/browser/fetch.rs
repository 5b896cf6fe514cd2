//! Gets files: the relay's map, and the pictures the world is drawn with.

use std::{cell::RefCell, rc::Rc, sync::Arc};

use js_sys::{Array, ArrayBuffer, Promise, Uint8Array};
use shared::{
    limits::MAP_FILE_BYTES,
    map::{Map, MapFiles},
    protocol::MapRef,
};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

use super::{page, refresh, tell};
use crate::{
    classroom::Classroom,
    map_files::{MapList, site_of},
    session::Input,
};

/// How long to wait until the map is asked for again, in the lobby where nobody waits for it yet.
const AGAIN_AFTER_MS: i32 = 3000;

thread_local! {
    /// The map with its files, once it is there.
    static MAP: RefCell<Option<(Arc<Map>, Rc<MapFiles>)>> = const { RefCell::new(None) };
}

/// The bytes at that URL.
pub(super) async fn bytes(url: &str) -> Result<Vec<u8>, JsValue> {
    let response = JsFuture::from(page::window().fetch_with_str(url)).await?;
    body(response.dyn_into()?).await
}

/// The bytes at all of these URLs, fetched at once: one after the other would wait for each.
pub(super) async fn all_bytes(urls: impl Iterator<Item = String>) -> Result<Vec<Vec<u8>>, JsValue> {
    let requests: Array = urls.map(|url| page::window().fetch_with_str(&url)).collect();
    let responses: Array = JsFuture::from(Promise::all(&requests)).await?.dyn_into()?;
    let mut all = Vec::new();
    for response in responses.iter() {
        all.push(body(response.dyn_into()?).await?);
    }
    Ok(all)
}

async fn body(response: Response) -> Result<Vec<u8>, JsValue> {
    if !response.ok() {
        return Err(format!("{}: status {}", response.url(), response.status()).into());
    }
    let buffer: ArrayBuffer = JsFuture::from(response.array_buffer()?).await?.dyn_into()?;
    if buffer.byte_length() as usize > MAP_FILE_BYTES {
        return Err(format!("{}: larger than {MAP_FILE_BYTES} bytes", response.url()).into());
    }
    Ok(Uint8Array::new(&buffer).to_vec())
}

/// Gets the map while one is in the lobby, until it is there, and starts the world on it.
pub(super) fn map_and_world(classroom: Classroom) {
    wasm_bindgen_futures::spawn_local(async move {
        while MAP.with_borrow(Option::is_none) {
            if let Err(error) = get_map(&classroom).await {
                web_sys::console::warn_1(&error);
                wait(AGAIN_AFTER_MS).await;
            }
        }
        let Some((map, files)) = MAP.with_borrow(Clone::clone) else { return };
        classroom.tell(Input::MapLoaded(Arc::clone(&map)));
        show_world(classroom, map, files).await;
    });
}

#[cfg(feature = "world")]
async fn show_world(classroom: Classroom, map: Arc<Map>, files: Rc<MapFiles>) {
    if !page::is_world_off() && page::root_data("webgl").as_deref() != Some("false") {
        super::world::start(classroom, map, &files).await;
    }
}

#[cfg(not(feature = "world"))]
#[allow(clippy::unused_async, reason = "as the one that has a world")]
async fn show_world(_: Classroom, _: Arc<Map>, _: Rc<MapFiles>) {}

/// The relay named a map: it may be there already.
pub(super) fn wanted_map(wanted: MapRef) {
    wasm_bindgen_futures::spawn_local(async move {
        let Some(classroom) = super::classroom() else { return };
        let has = |wanted: &MapRef| MAP.with_borrow(|map| map.as_ref().is_some_and(|(map, _)| map.hash == wanted.hash));
        if !has(&wanted) {
            let had_one = MAP.with_borrow(Option::is_some);
            if let Err(error) = get_map(&classroom).await {
                web_sys::console::warn_1(&error);
                return tell(Input::MapFailed);
            }
            if had_one {
                // What is drawn is the map of before.
                refresh::map_changed();
            }
        }
        if let Some((map, _)) = MAP.with_borrow(Clone::clone) {
            tell(Input::MapLoaded(map));
        }
    });
}

async fn get_map(classroom: &Classroom) -> Result<(), JsValue> {
    let explain = |error: &dyn std::fmt::Display| JsValue::from(error.to_string());
    let relay_url = classroom.read(|session, _| session.relay_url().to_owned());
    let site = site_of(&relay_url).map_err(|error| explain(&error))?;
    let list = bytes(&MapList::url(&site)).await?;
    let list = MapList::read(&list).map_err(|error| explain(&error))?;
    let fetched = all_bytes(list.files.iter().map(|file| list.file_url(&site, file))).await?;
    let files: MapFiles = list.files.iter().cloned().zip(fetched).collect();
    let map = Map::read(&list.file, &files).map_err(|error| explain(&error))?;
    MAP.with_borrow_mut(|place| *place = Some((Arc::new(map), Rc::new(files))));
    Ok(())
}

async fn wait(milliseconds: i32) {
    let promise = Promise::new(&mut |resolve, _| {
        let _ = page::window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds);
    });
    let _ = JsFuture::from(promise).await;
}
