//! What is kept between visits: keys and texts for a storage that holds texts, such as a browser's.
//!
//! Whatever is damaged is taken for missing; nothing in storage can keep anybody out.

use std::{borrow::Cow, fmt::Write};

use serde::{Deserialize, Serialize};
use shared::{
    identity::{Identity, SecretKey, UserId},
    movement::Edge,
    profile::{Appearance, Name, Profile, Status},
};

use crate::media::{Loudness, Preferences};

/// Under which the secret key is kept.
pub const IDENTITY_KEY: &str = "classroom.identity";
/// Under which name and look are kept; the lobby reads and writes them too, before the module has arrived.
pub const PROFILE_KEY: &str = "classroom.profile";
/// Under which one's place is kept.
pub const PLACE_KEY: &str = "classroom.place";

/// What the key of a person begins with; their identifier follows.
const PERSON_PREFIX: &str = "classroom.person.";
/// Under which it is kept what one chose for calls.
const CALLS_KEY: &str = "classroom.calls";
/// What the key of how loud one wants somebody begins with; their identifier follows.
const LOUDNESS_PREFIX: &str = "classroom.loudness.";
/// What the keys of conversations begin with.
pub(super) const CHAT_PREFIX: &str = "classroom.chat.";
/// What all keys begin with.
pub const PREFIX: &str = "classroom.";

/// Something to keep, or to forget.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Under this name.
    pub key: Cow<'static, str>,
    /// This text; nothing any more if there is none.
    pub value: Option<String>,
}

/// A storage of texts under keys.
pub trait Store {
    /// The text under that key.
    fn read(&self, key: &str) -> Option<String>;

    /// All keys that begin with [`PREFIX`], in any order.
    fn keys(&self) -> Vec<String>;
}

/// What is known from earlier visits.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    /// Name and look.
    pub profile: Option<Profile>,
    /// Where one was.
    pub place: Option<Edge>,
    /// People one met.
    pub people: Vec<Acquaintance>,
    /// Everything about conversations, as it is kept.
    pub chats: Vec<(String, String)>,
    /// What one chose for calls.
    pub calls: Preferences,
    /// How loud one wants somebody, where that is not as loud as they are.
    pub loudness: Vec<(UserId, Loudness)>,
}

/// Somebody one met, as last seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acquaintance {
    /// Who.
    pub user_id: UserId,
    /// What they were called.
    pub name: Name,
    /// How they looked.
    pub appearance: Appearance,
    /// When they were seen last: milliseconds since 1970.
    pub seen_ms: u64,
    /// Whether one does not want to hear from them.
    pub is_blocked: bool,
}

/// As kept: `{"name":"Bob","appearance":[0,1,2,3,4],"seen":1795391999999,"blocked":true}`.
#[derive(Serialize, Deserialize)]
struct KeptPerson {
    name: Name,
    appearance: Appearance,
    seen: u64,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    blocked: bool,
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
        Self { key: IDENTITY_KEY.into(), value: Some(value) }
    }

    /// Keeps somebody one met.
    pub fn person(person: &Acquaintance) -> Self {
        let &Acquaintance { user_id, ref name, appearance, seen_ms, is_blocked } = person;
        let kept = KeptPerson { name: name.clone(), appearance, seen: seen_ms, blocked: is_blocked };
        Self::json(format!("{PERSON_PREFIX}{user_id}"), &kept)
    }

    /// Forgets somebody one met.
    pub fn no_person(user_id: UserId) -> Self {
        Self::gone(format!("{PERSON_PREFIX}{user_id}"))
    }

    /// Keeps what one chose for calls.
    pub fn calls(preferences: &Preferences) -> Self {
        Self::json(CALLS_KEY, preferences)
    }

    /// Keeps how loud one wants somebody.
    pub fn loudness(user_id: UserId, loudness: Loudness) -> Self {
        let key = format!("{LOUDNESS_PREFIX}{user_id}");
        if loudness == Loudness::default() { Self::gone(key) } else { Self::json(key, &loudness) }
    }

    /// Keeps a text.
    pub fn text(key: impl Into<Cow<'static, str>>, value: String) -> Self {
        Self { key: key.into(), value: Some(value) }
    }

    /// Forgets what is under a key.
    pub fn gone(key: impl Into<Cow<'static, str>>) -> Self {
        Self { key: key.into(), value: None }
    }

    fn json(key: impl Into<Cow<'static, str>>, value: &impl Serialize) -> Self {
        // Plain data, which JSON can express.
        Self::text(key, serde_json::to_string(value).unwrap_or_default())
    }
}

impl Memory {
    /// Reads what there is.
    pub fn read(store: &impl Store) -> Self {
        let profile = store.read(PROFILE_KEY).and_then(|text| serde_json::from_str::<KeptProfile>(&text).ok());
        let place = store.read(PLACE_KEY).and_then(|text| serde_json::from_str::<Edge>(&text).ok());
        let mut memory = Self {
            profile: profile.map(|KeptProfile { name, appearance }| Profile {
                name,
                status: Status::default(),
                appearance,
            }),
            place: place.map(|edge| Edge { is_moving: false, ..edge }),
            calls: store.read(CALLS_KEY).and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default(),
            ..Self::default()
        };
        for key in store.keys() {
            let Some(value) = store.read(&key) else { continue };
            if let Some(user_id) = person_of(&key) {
                memory.people.extend(read_person(user_id, &value));
            } else if let Some(user_id) = key.strip_prefix(LOUDNESS_PREFIX).and_then(|id| id.parse().ok()) {
                memory.loudness.extend(serde_json::from_str(&value).ok().map(|loudness| (user_id, loudness)));
            } else if key.starts_with(CHAT_PREFIX) {
                memory.chats.push((key, value));
            }
        }
        memory
    }
}

/// The person that key is about.
pub(super) fn person_of(key: &str) -> Option<UserId> {
    key.strip_prefix(PERSON_PREFIX)?.parse().ok()
}

/// Somebody one met, as kept.
pub(super) fn read_person(user_id: UserId, value: &str) -> Option<Acquaintance> {
    let KeptPerson { name, appearance, seen, blocked } = serde_json::from_str(value).ok()?;
    Some(Acquaintance { user_id, name, appearance, seen_ms: seen, is_blocked: blocked })
}

/// What a code for an identity begins with.
const CODE_PREFIX: &str = "vci1-";

/// Why a text is no code for an identity, or could not be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// It does not look like one.
    #[error("expected {CODE_PREFIX} and 72 hexadecimal digits")]
    NoCode,
    /// It looks like one, but a character is wrong.
    #[error("the code has a mistake in it")]
    Mistyped,
    /// Nothing can be kept here.
    #[error("it cannot be kept")]
    NotKept,
}

/// The code with which one is the same person elsewhere: the secret key, and the beginning of one's `user_id`, so that
/// a mistake is noticed.
pub fn identity_code(identity: &Identity) -> String {
    let secret = Entry::identity(identity).value.unwrap_or_default();
    format!("{CODE_PREFIX}{secret}{}", &identity.user_id().to_string()[..8])
}

/// The identity of a code; spaces and line breaks in it do not matter.
///
/// # Errors
/// If it is not one.
pub fn read_identity_code(code: &str) -> Result<Identity, CodeError> {
    let code: String = code.chars().filter(|character| !character.is_whitespace()).collect();
    let digits = code.strip_prefix(CODE_PREFIX).ok_or(CodeError::NoCode)?;
    if digits.len() != 72 || !digits.is_ascii() {
        return Err(CodeError::NoCode);
    }
    let (secret, check) = digits.split_at(64);
    let identity = read_identity(Some(secret.to_owned())).ok_or(CodeError::NoCode)?;
    if identity.user_id().to_string().starts_with(&check.to_ascii_lowercase()) {
        Ok(identity)
    } else {
        Err(CodeError::Mistyped)
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

    /// A storage with these entries in it.
    struct Entries(Vec<Entry>);

    impl Store for Entries {
        fn read(&self, key: &str) -> Option<String> {
            self.0.iter().find(|entry| entry.key == key)?.value.clone()
        }

        fn keys(&self) -> Vec<String> {
            self.0.iter().map(|entry| entry.key.clone().into_owned()).collect()
        }
    }

    fn bob() -> Acquaintance {
        Acquaintance {
            user_id: crate::session::tests::person(2),
            name: Name::new("Bob").expect("a name"),
            appearance: Appearance::from_number(3),
            seen_ms: 1_795_391_999_999,
            is_blocked: true,
        }
    }

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
        let chat = Entry::text("classroom.chat.x", "anything".to_owned());
        let calls = Preferences { push_to_talk: true, microphone: Some("a".to_owned()), ..Preferences::default() };
        let loudness = Loudness { percent: 30, is_muted: true };
        let memory = Memory::read(&Entries(vec![
            Entry::profile(&profile),
            Entry::place(edge),
            Entry::person(&bob()),
            Entry::calls(&calls),
            Entry::loudness(bob().user_id, loudness),
            chat,
        ]));
        assert_eq!((memory.calls, memory.loudness), (calls, vec![(bob().user_id, loudness)]));
        assert_eq!(Entry::loudness(bob().user_id, Loudness::default()).value, None);
        assert_eq!((memory.profile, memory.place), (Some(profile), Some(edge)));
        assert_eq!(memory.people, [bob()]);
        assert_eq!(memory.chats, [("classroom.chat.x".to_owned(), "anything".to_owned())]);
        let identity = Identity::from_secret(&[5; 32]);
        let read = read_identity(Entry::identity(&identity).value).map(|identity| identity.user_id());
        assert_eq!(read, Some(identity.user_id()));
    }

    #[test]
    fn a_code_makes_the_same_person_elsewhere_and_a_mistyped_one_nobody() {
        let identity = Identity::from_secret(&[7; 32]);
        let code = identity_code(&identity);
        let read = |code: &str| read_identity_code(code).map(|identity| identity.user_id());
        assert_eq!(read(&code), Ok(identity.user_id()));
        assert_eq!(read(&format!("  {}\n{} ", &code[..30], &code[30..])), Ok(identity.user_id()));
        assert_eq!(read(&code.replacen("07", "08", 1)), Err(CodeError::Mistyped));
        for bad in
            ["", "vci1-", &code[..70], &code[5..], &code.replace('0', "x"), &format!("{CODE_PREFIX}{}", "é".repeat(36))]
        {
            assert_eq!(read(bad), Err(CodeError::NoCode), "{bad}");
        }
    }

    #[test]
    fn what_is_damaged_is_missing_and_takes_nothing_along() {
        for text in
            ["", "{", "null", r#"{"name":"","appearance":[0,0,0,0,0]}"#, r#"{"name":"A","appearance":[99,0,0,0,0]}"#]
        {
            let damaged = [PROFILE_KEY.to_owned(), PLACE_KEY.to_owned(), format!("{PERSON_PREFIX}{}", "0".repeat(32))];
            let mut entries = damaged.map(|key| Entry::text(key, text.to_owned())).to_vec();
            entries.push(Entry::person(&bob()));
            let memory = Memory::read(&Entries(entries));
            assert!(memory.profile.is_none() && memory.place.is_none(), "{text}");
            assert_eq!(memory.people, [bob()], "{text}");
            assert!(read_identity(Some(text.to_owned())).is_none(), "{text}");
        }
        assert!(read_identity(Some("é".repeat(32))).is_none());
    }
}
