//! What clients are told: who is in the call, who is in which slot, who speaks, and what of their own is looked at.
//! Each is told whole, and only when it is something new.

use shared::protocol::room::{FromSfu, Picture, Slots, Teacher, Wanted};

use super::{ParticipantKey, Sfu, limits::TELL_SPEAKERS_EVERY, person::Person, standstill::Aim};

impl Sfu {
    /// Tells somebody in a room what is new.
    pub(super) fn tell(&mut self, who: ParticipantKey, looked_at: Wanted) {
        let now = self.now;
        let others: Vec<_> =
            self.table.others(who).filter_map(|other| Some((other, self.people.get(&other)?))).collect();
        let others: Vec<_> = others.into_iter().filter(|(_, person)| !person.is_missed(now)).collect();
        let members: Vec<_> = others.iter().map(|(other, person)| (other.number, person.shares)).collect();
        let mut speakers: Vec<_> = others.iter().filter(|(_, person)| person.voice.is_speaking(now)).collect();
        speakers.sort_by(|(_, a), (_, b)| b.voice.level_db().total_cmp(&a.voice.level_db()));
        let speakers: Vec<_> = speakers.into_iter().map(|(other, _)| other.number).collect();

        let teacher = self.teacher_of(who);

        let Some(person) = self.people.get_mut(&who) else { return };
        let mut news = Vec::new();
        if person.told.members.as_ref() != Some(&members) {
            person.told.members = Some(members.clone());
            news.push(FromSfu::Members(members));
        }
        let slots = person.slots(teacher);
        if person.told.slots.as_ref() != Some(&slots) {
            person.told.slots = Some(slots.clone());
            news.push(FromSfu::Slots(slots));
        }
        // Who is louder than whom changes with every word; that alone is not worth a message.
        let is_same = person.told.speakers.as_ref().is_some_and(|told| {
            let is_among = |speaker| told.contains(speaker);
            told.len() == speakers.len() && told.first() == speakers.first() && speakers.iter().all(is_among)
        });
        if !is_same && person.told.speakers_at.is_none_or(|at| now >= at + TELL_SPEAKERS_EVERY) {
            person.told.speakers = Some(speakers.clone());
            person.told.speakers_at = Some(now);
            news.push(FromSfu::Speakers(speakers));
        }
        news.extend(person.interest.update(now, looked_at).map(FromSfu::Wanted));
        for message in news {
            self.say(who, message);
        }
    }

    /// Who teaches in somebody's room, as they are told.
    fn teacher_of(&self, who: ParticipantKey) -> Teacher {
        match self.table.room_of(who).and_then(|room| self.teachers.get(&room)) {
            None => Teacher::Nobody,
            Some(teacher) if *teacher == who => Teacher::Oneself,
            Some(teacher) => Teacher::Other(teacher.number),
        }
    }

    /// Somebody is in no room any more: nothing comes, and they are told so.
    pub(super) fn tell_nothing(&mut self, who: ParticipantKey) {
        let now = self.now;
        let Some(person) = self.people.get_mut(&who) else { return };
        let told = std::mem::take(&mut person.told);
        person.leave_room();
        // Or padding would go on standing in for what was sent.
        if let Some(peer) = person.peer() {
            peer.aim(now, Aim { is_quiet: true, ..Aim::default() });
        }
        if told.members.is_some() {
            self.say(who, FromSfu::Slots(Slots::default()));
            self.say(who, FromSfu::Speakers(Vec::new()));
            self.say(who, FromSfu::Members(Vec::new()));
        }
    }
}

impl Person {
    /// Who is in which slot, as a client is told.
    fn slots(&self, teacher: Teacher) -> Slots {
        let mut pictures = [None; shared::protocol::room::CAMERA_SLOTS];
        for ((told, holder), view) in pictures.iter_mut().zip(self.pictures.holders()).zip(&self.lines.pictures) {
            *told = holder.map(|holder| Picture { of: holder.number, flow: view.flow });
        }
        Slots {
            voices: self.voices.holders().map(|holder| holder.map(|holder| holder.number)),
            pictures,
            stage: self.stage.map(|holder| Picture { of: holder.number, flow: self.lines.stage.flow }),
            teacher,
        }
    }

    /// Empties all slots. What was sent on the lines is remembered: their numbers go on.
    fn leave_room(&mut self) {
        self.voices = super::slots::Slots::default();
        self.pictures = super::slots::Slots::default();
        self.stage = None;
        // Or an estimate that falls because nothing is sent would be believed.
        self.budget.use_for(0);
        for line in self.lines.voices.iter_mut().chain([&mut self.lines.stage_sound]) {
            line.cut();
        }
        for view in self.lines.pictures.iter_mut().chain([&mut self.lines.stage]) {
            view.cut();
        }
    }
}
