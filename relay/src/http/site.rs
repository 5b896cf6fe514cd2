//! The page: files of one folder, packed where there is a packed sibling.

use std::{
    fs::{File, Metadata},
    path::{Path, PathBuf},
    time::SystemTime,
};

use bytes::{Bytes, BytesMut};
use percent_encoding::percent_decode_str;
use tokio::io::AsyncReadExt;
use url::Url;
use warp::{
    Reply,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    reply::Response,
};

use super::{
    answer::{self, set},
    caching::{self, Encoding},
};
use crate::limits::FILE_CHUNK_BYTES;

/// How many bytes a packed file has when it is unpacked: a page that counts what it reads counts those, and
/// `Content-Length` says how many are sent.
const UNPACKED_LENGTH: HeaderName = HeaderName::from_static("x-uncompressed-length");

/// The folder.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    /// Without links and dots.
    root: PathBuf,
}

/// A file that was found and may be served.
struct Found {
    file: File,
    metadata: Metadata,
    encoding: Option<Encoding>,
    /// Bytes of the file as it is, if a packed one is sent.
    unpacked: Option<u64>,
    /// Its name without the packing's ending.
    name: String,
}

impl Site {
    /// The site in that folder.
    ///
    /// # Errors
    /// If the folder cannot be read.
    pub(crate) fn open(folder: &Path) -> std::io::Result<Self> {
        let root = folder.canonicalize()?;
        root.read_dir()?;
        Ok(Self { root })
    }

    /// The relays that `site.json` names beside this one.
    pub(crate) fn relays(&self) -> Vec<Url> {
        #[derive(serde::Deserialize)]
        struct SiteJson {
            #[serde(default)]
            relays: Vec<String>,
        }
        let text = std::fs::read(self.root.join("site.json")).unwrap_or_default();
        let relays = serde_json::from_slice::<SiteJson>(&text).map(|site| site.relays).unwrap_or_default();
        let relays = relays.iter().filter_map(|relay| Url::parse(relay).ok());
        relays.filter(|relay| matches!(relay.scheme(), "ws" | "wss") && relay.has_host()).collect()
    }

    /// Answers a request for a path of the site.
    pub(crate) async fn serve(self, path: String, headers: HeaderMap) -> Response {
        let encodings: Vec<_> = caching::accepted(&headers).collect();
        let find = move || relative(&path).and_then(|relative| self.find(&relative, &encodings));
        match tokio::task::spawn_blocking(find).await {
            Ok(Some(found)) => found.answer(&headers),
            _ => answer::not_found(),
        }
    }

    fn find(&self, relative: &Path, encodings: &[Encoding]) -> Option<Found> {
        let name = relative.file_name()?.to_str()?.to_owned();
        let forms = encodings.iter().map(|encoding| Some(*encoding)).chain([None]);
        forms.into_iter().find_map(|encoding| {
            let mut path = self.root.join(relative).into_os_string();
            path.push(encoding.map_or("", |encoding| encoding.ending));
            // A link inside the folder must not lead out of it.
            let path = PathBuf::from(path).canonicalize().ok().filter(|path| path.starts_with(&self.root))?;
            let file = File::open(path).ok()?;
            let metadata = file.metadata().ok().filter(Metadata::is_file)?;
            let unpacked = self.root.join(relative).metadata().ok().filter(|_| encoding.is_some());
            Some(Found { file, metadata, encoding, unpacked: unpacked.map(|plain| plain.len()), name: name.clone() })
        })
    }
}

/// The path of a request below the folder: no part of it is empty, hidden, or special on any system.
fn relative(path: &str) -> Option<PathBuf> {
    let path = percent_decode_str(path.strip_prefix('/')?).decode_utf8().ok()?;
    let folder_or_file = if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path.into() };
    let is_plain = |part: &str| {
        let is_special = |character: char| matches!(character, '\\' | ':') || character.is_control();
        !part.is_empty() && !part.starts_with('.') && !part.chars().any(is_special)
    };
    folder_or_file.split('/').all(is_plain).then(|| PathBuf::from(folder_or_file))
}

impl Found {
    fn answer(self, request: &HeaderMap) -> Response {
        let length = self.metadata.len();
        let modified = self.metadata.modified().ok();
        let packing = self.encoding.map_or("", |encoding| encoding.name);
        let stamp = modified.and_then(|at| at.duration_since(SystemTime::UNIX_EPOCH).ok()).unwrap_or_default();
        let etag = format!("\"{:x}-{length:x}{packing}\"", stamp.as_nanos());

        let is_known = caching::has_it(request, &etag, modified);
        let mut response = if is_known {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            warp::reply::stream(chunks(tokio::fs::File::from_std(self.file))).into_response()
        };
        let headers = response.headers_mut();
        if !is_known {
            headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
            let kind = mime_guess::from_path(&self.name).first_or_octet_stream();
            let is_text = kind.type_() == "text" || kind.subtype() == "javascript" || kind.subtype() == "json";
            set(headers, header::CONTENT_TYPE, &format!("{kind}{}", if is_text { "; charset=utf-8" } else { "" }));
            if let Some(encoding) = self.encoding {
                set(headers, header::CONTENT_ENCODING, encoding.name);
            }
            if let Some(unpacked) = self.unpacked {
                headers.insert(UNPACKED_LENGTH, HeaderValue::from(unpacked));
            }
        }
        set(headers, header::ETAG, &etag);
        set(headers, header::VARY, "accept-encoding");
        let is_for_ever = caching::is_named_by_content(&self.name);
        set(headers, header::CACHE_CONTROL, if is_for_ever { caching::FOR_EVER } else { caching::ASK_FIRST });
        if let Some(modified) = modified {
            set(headers, header::LAST_MODIFIED, &httpdate::fmt_http_date(modified));
        }
        response
    }
}

/// The content, read as it is sent.
fn chunks(file: tokio::fs::File) -> impl futures_util::Stream<Item = std::io::Result<Bytes>> {
    futures_util::stream::try_unfold(file, |mut file| async move {
        let mut chunk = BytesMut::with_capacity(FILE_CHUNK_BYTES);
        let read = file.read_buf(&mut chunk).await?;
        Ok((read > 0).then(|| (chunk.freeze(), file)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_path_leads_out_of_the_folder_or_to_hidden_files() {
        for (path, file) in [
            ("/", Some("index.html")),
            ("/a/", Some("a/index.html")),
            ("/a/b.js", Some("a/b.js")),
            ("/%61.js", Some("a.js")),
            ("/ä.png", Some("ä.png")),
            ("", None),
            ("//etc/passwd", None),
            ("/../a", None),
            ("/a/../../b", None),
            ("/%2e%2e/a", None),
            ("/..%2fa", None),
            ("/.git/config", None),
            ("/a/.env", None),
            ("/a\\..\\b", None),
            ("/a%5c..%5cb", None),
            ("/c:/a", None),
            ("/a%00.js", None),
            ("/%ff", None),
        ] {
            assert_eq!(relative(path), file.map(PathBuf::from), "{path}");
        }
    }
}
