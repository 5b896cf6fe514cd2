//! Oneself, as others see one.

use shared::{
    chat::Emote,
    profile::{Appearance, Status},
};

use crate::session::{Session, Time};

/// What one is called, how one is and looks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Own {
    /// The name.
    pub name: String,
    /// The status.
    pub status: Status,
    /// Whether one is away by doing nothing, and not because one said so.
    pub is_away_by_itself: bool,
    /// The look.
    pub appearance: Appearance,
    /// What one shows over one's head.
    pub emote: Option<Emote>,
}

/// Oneself at that time; nobody yet before the first entry ever.
pub(super) fn own(session: &Session, now: Time) -> Own {
    let Some(profile) = session.profile() else { return Own::default() };
    Own {
        name: profile.name.to_string(),
        status: profile.status,
        is_away_by_itself: session.is_away_by_itself(),
        appearance: profile.appearance,
        emote: session.emote(session.user_id(), now),
    }
}

#[cfg(test)]
mod tests {
    use shared::profile::Name;

    use super::*;
    use crate::session::{
        Input,
        memory::Memory,
        tests::{Client, at},
    };

    #[test]
    fn who_does_nothing_is_away_by_itself_and_who_says_so_is_not() {
        let mut client = Client::online();
        client.tell(5 * 60_000, Input::Tick);
        let idle = own(&client.session, at(5 * 60_000));
        assert_eq!((idle.status, idle.is_away_by_itself), (Status::Away, true));
        client.tell(5 * 60_000 + 1, Input::Stirred);
        let back = own(&client.session, at(5 * 60_000 + 1));
        assert_eq!((back.status, back.is_away_by_itself), (Status::Available, false));
        client.tell(5 * 60_000 + 2, Input::SetStatus(Status::Away));
        let chosen = own(&client.session, at(5 * 60_000 + 2));
        assert_eq!((chosen.status, chosen.is_away_by_itself), (Status::Away, false));
    }

    #[test]
    fn a_changed_profile_and_an_emote_are_shown_for_as_long_as_they_last() {
        let mut client = Client::online();
        let name = Name::new("Zoé").expect("a name");
        client.tell(0, Input::SetName(name));
        client.tell(0, Input::SetAppearance(Appearance::from_number(42)));
        client.tell(0, Input::Emote(Emote::Party));
        let shown = own(&client.session, at(3999));
        assert_eq!((shown.name.as_str(), shown.appearance), ("Zoé", Appearance::from_number(42)));
        assert_eq!(shown.emote, Some(Emote::Party));
        assert_eq!(own(&client.session, at(4000)).emote, None);
        assert_eq!(own(&Client::new(Memory::default()).session, at(0)), Own::default());
    }
}
