//! What panels and snapshots read of [`Media`].

use shared::{identity::UserId, profile::Status, protocol::link::Shares};

use super::{Device, DeviceTrouble, Ice, Media, Neighbour, Preferences, Switch};

impl Media {
    /// Whether this client has calls at all.
    pub fn is_on(&self) -> bool {
        self.is_on
    }

    /// Whether another tab has taken over, or one was refused: there is nobody to share anything with.
    pub fn is_over(&self) -> bool {
        self.is_over
    }

    /// How a device stands.
    pub fn switch(&self, device: Device) -> Switch {
        self.sharing.switch(device)
    }

    /// Why a device that is on is not as it should be.
    pub fn trouble(&self, device: Device) -> Option<DeviceTrouble> {
        self.sharing.trouble(device)
    }

    /// Whether one shares anything: whoever does is not away.
    pub fn is_sharing(&self) -> bool {
        self.sharing.is_any_on()
    }

    /// Whether one shares something that nobody gets, because one does not want to be disturbed.
    pub fn is_sharing_alone(&self) -> bool {
        self.is_sharing() && self.status == Status::DoNotDisturb
    }

    /// Whether others may hear one's microphone: it is on, and the key to talk is held if there is one.
    pub fn is_heard(&self) -> bool {
        self.sharing.is_on(Device::Microphone) && self.is_open()
    }

    /// Whether one speaks, and is heard.
    pub fn is_speaking(&self) -> bool {
        self.is_speaking && self.is_heard()
    }

    /// Whether that person is heard to speak.
    pub fn hears(&self, user_id: UserId) -> bool {
        let speaks = |neighbour: &Neighbour| neighbour.user_id == user_id && neighbour.is_speaking;
        self.neighbours.iter().any(|neighbour| speaks(neighbour) && neighbour.volume() > 0.0)
    }

    /// Whether one has a call with that person, or is setting one up.
    pub fn has_call_with(&self, user_id: UserId) -> bool {
        self.neighbours.iter().any(|neighbour| neighbour.user_id == user_id)
    }

    /// Those one has calls with, in the order of their tiles; the first [`Self::tiles`] have one.
    pub fn neighbours(&self) -> &[Neighbour] {
        &self.neighbours
    }

    /// How many neighbours have a tile: outside of rooms they are few, and all have one.
    pub fn tiles(&self) -> usize {
        if self.is_in_room() { self.room.tiles() } else { self.neighbours.len() }
    }

    /// Whether one takes part in the call of a room.
    pub fn is_in_room(&self) -> bool {
        self.room.is_member()
    }

    /// The room in whose call one takes part.
    pub fn room(&self) -> Option<&str> {
        self.room.name().filter(|_| self.is_in_room())
    }

    /// Whether one is who teaches in that room, and is heard by all.
    pub fn is_teaching(&self) -> bool {
        self.room.is_teaching()
    }

    /// Whether the room one is in has as many people as it takes, so that one hears nobody.
    pub fn is_room_full(&self) -> bool {
        self.room.is_full()
    }

    /// Whether the relay has no call for the room one is in, or none that this browser could take part in.
    pub fn is_room_refused(&self) -> bool {
        self.room.is_refused()
    }

    /// Who is on the stage of the room one is in, for everybody: who shows a screen, or else who is at the podium
    /// and shows their camera.
    pub fn on_stage(&self) -> Option<UserId> {
        let is_on = |device| self.sharing.is_on(device);
        let shares = Shares { camera: is_on(Device::Camera), screen: is_on(Device::Screen), ..Shares::default() };
        self.room.on_stage(self.own, shares, &self.barred)
    }

    /// Whose screen is on the stage of the room one is in, while one's own waits until that ends.
    pub fn ahead_on_stage(&self) -> Option<UserId> {
        self.room.ahead_on_stage(self.sharing.is_on(Device::Screen))
    }

    /// Whose picture or screen is shown large.
    pub fn enlarged(&self) -> Option<UserId> {
        self.enlarged
    }

    /// What one chose.
    pub fn preferences(&self) -> &Preferences {
        &self.preferences
    }

    /// Whether sound waits for the person to do something.
    pub fn is_sound_blocked(&self) -> bool {
        self.is_sound_blocked
    }

    /// How others are reached: for trying it out.
    pub fn ice(&self) -> Ice {
        Ice { servers: self.servers.clone(), only_relayed: self.preferences.hide_address }
    }

    /// Grows with every change of what can be read here.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Grows when others are near than before, or they share something else: nobody should wait to see that.
    pub fn company(&self) -> u64 {
        self.company
    }
}
