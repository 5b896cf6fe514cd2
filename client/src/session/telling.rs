//! Tells the relay what changed of one's profile, each piece on its own, and no faster than it takes them: whoever tries
//! out looks changes them faster than anybody needs to see.

use shared::{limits::PROFILE_CHANGES, profile::Profile, protocol::ToRelay, rate::Bucket};

use super::Time;

/// What the relay knows of one's profile.
#[derive(Debug, Default)]
pub(super) struct Telling {
    told: Option<Profile>,
    /// For name, status and appearance.
    buckets: [Bucket; 3],
}

impl Telling {
    /// The relay was told all of it, in a hello.
    pub(super) fn introduced(&mut self, profile: Profile) {
        *self = Self { told: Some(profile), ..Self::default() };
    }

    /// What is to be told now.
    pub(super) fn take(&mut self, now: Time, profile: &Profile) -> Vec<ToRelay> {
        let Some(told) = &mut self.told else { return Vec::new() };
        let mut takes = |piece: usize| self.buckets[piece].take(now, PROFILE_CHANGES, 1);
        let mut messages = Vec::new();
        if told.name != profile.name && takes(0) {
            messages.push(ToRelay::SetName(profile.name.clone()));
            told.name = profile.name.clone();
        }
        if told.status != profile.status && takes(1) {
            messages.push(ToRelay::SetStatus(profile.status));
            told.status = profile.status;
        }
        if told.appearance != profile.appearance && takes(2) {
            messages.push(ToRelay::SetAppearance(profile.appearance));
            told.appearance = profile.appearance;
        }
        messages
    }

    /// When something that could not be told at once can be.
    pub(super) fn next_timeout(&self, profile: &Profile) -> Option<Time> {
        let told = self.told.as_ref()?;
        let waits = [told.name != profile.name, told.status != profile.status, told.appearance != profile.appearance];
        let at = |(waits, bucket): (bool, &Bucket)| waits.then(|| bucket.next_at(PROFILE_CHANGES));
        waits.into_iter().zip(&self.buckets).filter_map(at).min()
    }
}
