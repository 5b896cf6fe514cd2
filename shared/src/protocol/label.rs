//! Short names of things of the map.

use serde::{Deserialize, Serialize};

use crate::limits::LABEL_BYTES;

/// The name of a spawn point, room or file: 1 to 64 bytes without control characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Label(String);

/// A text that is no label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected 1 to {LABEL_BYTES} bytes without control characters")]
pub struct LabelError;

impl Label {
    /// Takes a label as it is.
    ///
    /// # Errors
    /// If it is empty, too long, or has control characters.
    pub fn new(text: &str) -> Result<Self, LabelError> {
        let fits = (1..=LABEL_BYTES).contains(&text.len()) && !text.chars().any(char::is_control);
        if fits { Ok(Self(text.to_owned())) } else { Err(LabelError) }
    }

    /// The label as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Label {
    type Error = LabelError;

    fn try_from(text: String) -> Result<Self, LabelError> {
        Self::new(&text)
    }
}

impl From<Label> for String {
    fn from(label: Label) -> Self {
        label.0
    }
}
