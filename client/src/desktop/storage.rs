//! What is kept between visits, in the user's folder for configuration: texts under keys, as in a browser's storage.

use std::{
    cell::RefCell,
    collections::BTreeMap,
    env, fs,
    io::Write,
    path::{Path, PathBuf},
};

use shared::identity::Identity;
use tracing::warn;

use crate::session::memory::{Entry, IDENTITY_KEY, Memory, Store, read_identity};

const FOLDER: &str = "virtual-classroom-inator";
const FILE: &str = "memory.json";

/// Texts under keys, and the file they are kept in, if any.
pub(super) struct Storage {
    file: Option<PathBuf>,
    texts: RefCell<BTreeMap<String, String>>,
}

impl Storage {
    /// Keeps nothing.
    pub(super) fn forgetful() -> Self {
        Self::new(None)
    }

    /// Reads what is there; whatever is damaged is taken for missing.
    pub(super) fn open() -> Self {
        Self::new(folder().map(|folder| folder.join(FOLDER).join(FILE)))
    }

    fn new(file: Option<PathBuf>) -> Self {
        let text = file.as_ref().and_then(|file| fs::read_to_string(file).ok());
        let texts = text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        let storage = Self { file, texts: RefCell::new(texts) };
        if read_identity(storage.text(IDENTITY_KEY)).is_none() {
            storage.keep(Entry::identity(&Identity::from_secret(&rand::random())));
        }
        storage
    }

    /// Who one is.
    pub(super) fn identity(&self) -> Identity {
        read_identity(self.text(IDENTITY_KEY)).unwrap_or_else(|| Identity::from_secret(&rand::random()))
    }

    /// What is known from the last visit.
    pub(super) fn memory(&self) -> Memory {
        Memory::read(self)
    }

    /// Keeps a text, or forgets it.
    pub(super) fn keep(&self, entry: Entry) {
        let key = entry.key.into_owned();
        match entry.value {
            Some(value) => self.texts.borrow_mut().insert(key, value),
            None => self.texts.borrow_mut().remove(&key),
        };
        if let Some(file) = &self.file
            && let Err(error) = self.write(file)
        {
            warn!("cannot keep who you are in {}: {error}", file.display());
        }
    }

    fn text(&self, key: &str) -> Option<String> {
        self.texts.borrow().get(key).cloned()
    }

    fn write(&self, file: &Path) -> std::io::Result<()> {
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut options = fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        // The key in it is nobody else's business.
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(file)?.write_all(serde_json::to_string(&self.texts)?.as_bytes())
    }
}

impl Store for Storage {
    fn read(&self, key: &str) -> Option<String> {
        self.text(key)
    }

    fn keys(&self) -> Vec<String> {
        self.texts.borrow().keys().cloned().collect()
    }
}

/// Where the system keeps configuration (on Linux by the XDG base directory specification).
fn folder() -> Option<PathBuf> {
    let path = |variable: &str| env::var_os(variable).map(PathBuf::from).filter(|path| path.is_absolute());
    if cfg!(windows) {
        path("APPDATA")
    } else if cfg!(target_os = "macos") {
        path("HOME").map(|home| home.join("Library/Application Support"))
    } else {
        path("XDG_CONFIG_HOME").or_else(|| path("HOME").map(|home| home.join(".config")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::memory::PLACE_KEY;

    #[test]
    fn who_one_is_is_the_same_at_the_next_visit_and_a_damaged_file_is_a_first_visit() {
        let folder = env::temp_dir().join(format!("{FOLDER}-{}", std::process::id()));
        let file = folder.join(FILE);
        let first = Storage::new(Some(file.clone()));
        first.keep(Entry::text(PLACE_KEY, "kept".to_owned()));
        let second = Storage::new(Some(file.clone()));
        assert_eq!(second.identity().user_id(), first.identity().user_id());
        assert_eq!(second.text(PLACE_KEY).as_deref(), Some("kept"));
        fs::write(&file, "{").expect("a file of our own");
        let third = Storage::new(Some(file));
        assert_ne!(third.identity().user_id(), first.identity().user_id());
        fs::remove_dir_all(folder).expect("a folder of our own");
    }
}
