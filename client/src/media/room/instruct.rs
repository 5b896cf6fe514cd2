//! What the browser is told of a room's call: what to send, how loud to play what comes, and whose pictures come.

use shared::identity::UserId;

use super::{Around, Room, seats, slots::Shown};
use crate::media::{
    hub::volume,
    messages::{RoomCommand, Upload, Volumes},
    peer::Surroundings,
};

impl Room {
    /// Tells the browser what to send, how loud to play what comes, and whose pictures come.
    pub(super) fn instruct(&mut self, around: Around) {
        if self.connection.is_none() {
            return;
        }
        let upload = self.upload(around.base);
        if !upload.has_pictures() {
            // What was held back once holds nothing back any more.
            self.strain_percent = 0;
        }
        if self.told.upload.replace(upload) != Some(upload) {
            self.command(RoomCommand::Send(upload));
        }
        let volumes = self.volumes(around);
        if self.told.volumes.replace(volumes) != Some(volumes) {
            self.command(RoomCommand::Play(volumes));
        }
        let is_member = self.is_member();
        let of = |shown: Option<Shown>| shown.filter(|_| is_member).map(|shown| shown.of);
        let (pictures, stage) = (self.present.pictures.map(of), of(self.present.stage));
        let mut shown = [stage; seats::SEATS + 1];
        shown[..seats::SEATS].copy_from_slice(&pictures);
        if self.told.shown.replace(shown) != Some(shown) {
            self.command(RoomCommand::Show { pictures, stage });
        }
    }

    pub(super) fn upload(&self, around: Surroundings) -> Upload {
        let Surroundings { shares, sends_microphone, frame_rate_percent, .. } = around;
        // Who just came in is sent for before the relay says so: the first word is not lost.
        if !self.is_inside() || self.is_full() {
            return Upload { frame_rate_percent, ..Upload::default() };
        }
        Upload {
            microphone: sends_microphone,
            camera: shares.camera,
            low: shares.camera && self.wanted.low,
            high: shares.camera && self.wanted.high,
            is_at_podium: shares.camera && self.is_teaching(),
            screen: shares.screen && self.wanted.screen,
            // Heard also by those who do not look, but not while another's screen is on stage.
            screen_sound: shares.screen_sound && self.present.stage.is_none(),
            frame_rate_percent,
        }
    }

    fn volumes(&self, around: Around) -> Volumes {
        let is_member = self.is_member();
        let loud = |user_id: Option<UserId>| {
            let user_id = user_id.filter(|user_id| is_member && !around.barred.contains(user_id));
            user_id.map_or(0.0, |user_id| volume(1.0, around.loudness.get(&user_id).copied().unwrap_or_default()))
        };
        Volumes { voices: self.present.voices.map(loud), stage: loud(self.present.stage.map(|shown| shown.of)) }
    }
}
