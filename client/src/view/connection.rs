//! How things stand with the relay, in words.

use shared::protocol::Refusal;

use crate::{
    session::{Connection, Session, Trouble},
    words::{self, words},
};

/// How loudly something is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// All is well.
    #[default]
    Fine,
    /// It is being worked on.
    Warning,
    /// A person must do something.
    Error,
}

/// What the *Connection* status says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// How loudly.
    pub tone: Tone,
    /// In a word or two.
    pub state: String,
    /// What is the matter and what to do, if something is.
    pub explanation: Option<String>,
    /// The label of the button that helps, if one does: it says [`crate::session::Input::ComeBack`].
    pub way_back: Option<&'static str>,
    /// Whether loading the page anew helps.
    pub reload_helps: bool,
}

/// How things stand.
pub(super) fn standing(session: &Session) -> Standing {
    let words = words();
    let explanation = session.trouble().map(explain);
    let (tone, state, way_back) = match session.connection() {
        Connection::Online => (Tone::Fine, words.connection_online, None),
        Connection::Connecting if explanation.is_some() => {
            (Tone::Warning, words.connection_connecting, Some(words.try_now))
        }
        Connection::Connecting => (Tone::Fine, words.connection_connecting, None),
        Connection::Reconnecting => (Tone::Warning, words.connection_reconnecting, Some(words.try_now)),
        Connection::Replaced => (Tone::Error, words.connection_replaced, Some(words.take_back)),
        Connection::Refused => (Tone::Error, words.connection_refused, Some(words.try_again)),
    };
    let explanation = match session.connection() {
        Connection::Replaced => Some(words.explain_replaced.to_owned()),
        Connection::Reconnecting => explanation.or_else(|| Some(words.explain_reconnecting.to_owned())),
        _ => explanation,
    };
    let reload_helps = matches!(
        session.trouble(),
        Some(Trouble::Refused(Refusal::WrongVersion { .. } | Refusal::Malformed) | Trouble::NotUnderstood)
    );
    Standing { tone, state: state.to_owned(), explanation, way_back, reload_helps }
}

fn explain(trouble: &Trouble) -> String {
    let words = words();
    let sentence = match trouble {
        Trouble::NoAnswer => words.trouble_no_answer,
        Trouble::NoMap => words.trouble_no_map,
        Trouble::NotUnderstood => words.trouble_not_understood,
        Trouble::SlowDown => words.trouble_slow_down,
        Trouble::Refused(refusal) => match refusal {
            Refusal::WrongVersion { .. } => words.refused_wrong_version,
            Refusal::WrongSignature => words.refused_wrong_signature,
            Refusal::WrongRelay { expected } => {
                return words::fill(words.refused_wrong_relay, "expected", expected);
            }
            Refusal::Malformed | Refusal::OutOfOrder => words.refused_malformed,
            Refusal::TooLate => words.refused_too_late,
            Refusal::NotWalkable => words.refused_not_walkable,
            Refusal::Flood => words.refused_flood,
            Refusal::Full => words.refused_full,
            Refusal::Replaced => words.explain_replaced,
            Refusal::TooSlow => words.refused_too_slow,
        },
    };
    sentence.to_owned()
}
