//! What is kept between visits: keys and texts for a storage that holds texts, such as a browser's.
//!
//! Whatever is damaged is taken for missing; nothing in storage can keep anybody out.

use std::fmt::Write;

use serde::{Deserialize, Serialize};
use shared::{
    identity::{Identity, SecretKey},
    movement::Edge,
    profile::{Appearance, Name, Profile, Status},
};

/// Under which the secret key is kept.
pub const IDENTITY_KEY: &str = "classroom.identity";
/// Under which name and look are kept; the lobby reads and writes them too, before the module has arrived.
pub const PROFILE_KEY: &str = "classroom.profile";
/// Under which one's place is kept.
pub const PLACE_KEY: &str = "classroom.place";

/// Something to keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Under this name.
    pub key: &'static str,
    /// This text.
    pub value: String,
}

/// What is known from the last visit.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    /// Name and look.
    pub profile: Option<Profile>,
    /// Where one was.
    pub place: Option<Edge>,
}

/// As kept: `{"name":"Ada","appearance":[0,1,2,3,4]}`. The status is not: everybody comes in available.
#[derive(Serialize, Deserialize)]
struct KeptProfile {
    name: Name,
    appearance: Appearance,
}

impl Entry {
    /// Keeps name and look.
    pub fn profile(profile: &Profile) -> Self {
        let kept = KeptProfile { name: profile.name.clone(), appearance: profile.appearance };
        Self::json(PROFILE_KEY, &kept)
    }

    /// Keeps the place.
    pub fn place(edge: Edge) -> Self {
        Self::json(PLACE_KEY, &edge)
    }

    /// Keeps the secret key.
    pub fn identity(identity: &Identity) -> Self {
        let mut value = String::with_capacity(64);
        for byte in identity.secret() {
            // Writing to a string never fails.
            let _ = write!(value, "{byte:02x}");
        }
        Self { key: IDENTITY_KEY, value }
    }

    fn json(key: &'static str, value: &impl Serialize) -> Self {
        // Both are plain data, which JSON can express.
        Self { key, value: serde_json::to_string(value).unwrap_or_default() }
    }
}

impl Memory {
    /// Reads what there is; `read` gives the text under a key.
    pub fn read(read: impl Fn(&str) -> Option<String>) -> Self {
        let profile = read(PROFILE_KEY).and_then(|text| serde_json::from_str::<KeptProfile>(&text).ok());
        let place = read(PLACE_KEY).and_then(|text| serde_json::from_str::<Edge>(&text).ok());
        Self {
            profile: profile.map(|KeptProfile { name, appearance }| Profile {
                name,
                status: Status::default(),
                appearance,
            }),
            place: place.map(|edge| Edge { is_moving: false, ..edge }),
        }
    }
}

/// The identity in storage, if there is one.
pub fn read_identity(text: Option<String>) -> Option<Identity> {
    let text = text?;
    let mut secret = SecretKey::default();
    if text.len() != 64 || !text.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    for (index, byte) in secret.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[index * 2..index * 2 + 2], 16).ok()?;
    }
    Some(Identity::from_secret(&secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_read_back() {
        let profile = Profile {
            name: Name::new("Ada 👩‍🚀").expect("a name"),
            status: Status::default(),
            appearance: Appearance::from_number(7),
        };
        let edge = Edge {
            position: shared::position::Position::new(3, 4),
            direction: shared::position::Direction::Left,
            is_moving: false,
        };
        let entries = [Entry::profile(&profile), Entry::place(edge)];
        let read = |key: &str| entries.iter().find(|entry| entry.key == key).map(|entry| entry.value.clone());
        let memory = Memory::read(read);
        assert_eq!((memory.profile, memory.place), (Some(profile), Some(edge)));
        let identity = Identity::from_secret(&[5; 32]);
        let read = read_identity(Some(Entry::identity(&identity).value)).map(|identity| identity.user_id());
        assert_eq!(read, Some(identity.user_id()));
    }

    #[test]
    fn what_is_damaged_is_missing() {
        for text in
            ["", "{", "null", r#"{"name":"","appearance":[0,0,0,0,0]}"#, r#"{"name":"A","appearance":[99,0,0,0,0]}"#]
        {
            let memory = Memory::read(|_| Some(text.to_owned()));
            assert!(memory.profile.is_none() && memory.place.is_none(), "{text}");
            assert!(read_identity(Some(text.to_owned())).is_none(), "{text}");
        }
        assert!(read_identity(Some("é".repeat(32))).is_none());
    }
}
