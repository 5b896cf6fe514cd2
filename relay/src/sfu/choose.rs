//! Who is heard and seen by whom, and in which layer: looked at ten times a second, and soon after anything changes.

use std::{collections::HashMap, time::Instant};

use shared::protocol::{
    link::PictureSize,
    room::{Flow, Look, Wanted},
};

use super::{
    ParticipantKey, Sfu,
    layers::{self, Wish},
    limits::{EVALUATE_EVERY, IMMUNE_FOR, LINGER_FOR, POOR_BITS, USED_PERCENT, VOICE_BITS},
    person::Person,
    speakers::{self, Candidate, Precedence},
    standstill::Aim,
    streams::Stream,
};

/// Somebody whose pictures others look at.
#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[derive(Clone, Copy)]
struct Publisher {
    has_camera: bool,
    has_screen: bool,
    has_screen_sound: bool,
    screen_since: Option<Instant>,
    is_podium: bool,
    is_speaking: bool,
    has_layers: bool,
    high_comes: bool,
    /// Whether their large layer did not come when it was wanted, and whether it is to be asked for all the same.
    high_is_missing: bool,
    high_is_tried: bool,
    low_bits: u64,
    high_bits: u64,
    screen_bits: u64,
}

/// A line somebody could get pictures on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Stage,
    Slot(usize),
}

/// What is sent to somebody is decided from this.
struct Sight {
    place: Place,
    source: ParticipantKey,
    /// The streams that are looked at, the smallest first.
    ladder: &'static [Stream],
    /// Whether to ask for the large layer, though it cannot be reckoned with.
    tries_large: bool,
}

impl Sfu {
    /// Decides for everybody in a room.
    pub(super) fn evaluate(&mut self) {
        let members: Vec<_> = self.table.members().collect();
        self.evaluate_at = (!members.is_empty()).then(|| self.now + EVALUATE_EVERY);
        let publishers: HashMap<_, _> =
            members.iter().filter_map(|who| Some((*who, Publisher::of(self.now, self.people.get(who)?)))).collect();
        let mut wanted: HashMap<ParticipantKey, Wanted> = HashMap::new();
        self.set_teachers(&publishers);
        self.set_stages(&publishers);
        for &who in &members {
            self.assign_voices(who);
            self.assign_pictures(who, &publishers);
            self.assign_stage(who);
            self.assign_layers(who, &publishers, &mut wanted);
        }
        for &who in &members {
            let wanted = wanted.get(&who).copied().unwrap_or_default();
            if let (Some(person), Some(publisher)) = (self.people.get_mut(&who), publishers.get(&who)) {
                person.large_layer.update(self.now, wanted.high, publisher.high_comes);
            }
            self.tell(who, wanted);
        }
        self.measure(&members);
    }

    /// Decides whose voices somebody gets.
    pub(super) fn assign_voices(&mut self, who: ParticipantKey) {
        let now = self.now;
        let Some(heard) = self.people.get(&who).map(|person| person.voices) else { return };
        let teacher = self.table.room_of(who).and_then(|room| self.teachers.get(&room)).copied();
        let candidate = |other: ParticipantKey| {
            let person = self.people.get(&other)?;
            let is_heard = heard.slot_of(other).is_some();
            let precedence = match (teacher == Some(other), person.is_podium && person.voice.is_speaking(now)) {
                (true, _) => Precedence::Teacher,
                (false, true) => Precedence::Podium,
                // A group at the podium that listens keeps nobody else from being heard.
                (false, false) => Precedence::Class,
            };
            let candidate = Candidate { who: other, voice: person.voice, precedence, is_heard };
            (person.shares.microphone && person.is_reached(now)).then_some(candidate)
        };
        let ranked = speakers::rank(now, self.table.others(who).filter_map(candidate).collect());
        let Some(person) = self.people.get_mut(&who) else { return };
        for slot in person.voices.assign(now, &ranked, |other| ranked.contains(&other), IMMUNE_FOR) {
            person.lines.voices[slot].cut();
        }
    }

    /// Decides whose cameras somebody gets: those they look at, the most important first.
    fn assign_pictures(&mut self, who: ParticipantKey, publishers: &HashMap<ParticipantKey, Publisher>) {
        let now = self.now;
        let Some(person) = self.people.get(&who) else { return };
        let looked_at = |look: &Look| match look {
            Look::Camera(number, size) if *size != PictureSize::Hidden => self.table.find(who, *number),
            _ => None,
        };
        let has_camera = |other: &ParticipantKey| publishers.get(other).is_some_and(|other| other.has_camera);
        let wanted: Vec<_> = person.looks.iter().filter_map(looked_at).filter(has_camera).collect();
        let Some(person) = self.people.get_mut(&who) else { return };
        let mut changed = person.pictures.retain(|other| wanted.contains(&other));
        changed.extend(person.pictures.assign(now, &wanted, |_| true, std::time::Duration::ZERO));
        for slot in changed {
            person.lines.pictures[slot].cut();
        }
    }

    /// Finds out who teaches in each room: of those at the podium whoever came first, until they leave it.
    fn set_teachers(&mut self, publishers: &HashMap<ParticipantKey, Publisher>) {
        let mut teachers = HashMap::new();
        for (who, _) in publishers.iter().filter(|(_, publisher)| publisher.is_podium) {
            let Some(room) = self.table.room_of(*who) else { continue };
            let rank = (self.teachers.get(&room) != Some(who), *who);
            teachers.entry(room).and_modify(|first| *first = rank.min(*first)).or_insert(rank);
        }
        self.teachers = teachers.into_iter().map(|(room, (_, who))| (room, who)).collect();
    }

    /// Decides whose screen is on stage in each room, for all who are in it: the podium's before others, and of several
    /// whose was shared first. Who is there stays until it ends.
    fn set_stages(&mut self, publishers: &HashMap<ParticipantKey, Publisher>) {
        let mut first = HashMap::new();
        for (who, publisher) in publishers.iter().filter(|(_, publisher)| publisher.has_screen) {
            let Some(room) = self.table.room_of(*who) else { continue };
            let is_new = self.stages.get(&room) != Some(who);
            let rank = (!publisher.is_podium, is_new, publisher.screen_since, *who);
            first.entry(room).and_modify(|first| *first = rank.min(*first)).or_insert(rank);
        }
        self.stages = first.into_iter().map(|(room, (.., who))| (room, who)).collect();
    }

    /// Gives somebody the screen that is on stage in their room, unless it is their own.
    fn assign_stage(&mut self, who: ParticipantKey) {
        let room = self.table.room_of(who);
        let stage = room.and_then(|room| self.stages.get(&room)).copied().filter(|other| *other != who);
        if let Some(person) = self.people.get_mut(&who)
            && person.stage != stage
        {
            person.stage = stage;
            person.lines.stage.cut();
            person.lines.stage_sound.cut();
        }
    }

    /// Decides in which layers, and asks for what is missing.
    fn assign_layers(
        &mut self,
        who: ParticipantKey,
        publishers: &HashMap<ParticipantKey, Publisher>,
        wanted: &mut HashMap<ParticipantKey, Wanted>,
    ) {
        let now = self.now;
        let table = &self.table;
        let Some(person) = self.people.get_mut(&who).filter(|person| person.is_connected()) else { return };
        if let Some(bits) = person.peer().and_then(|peer| peer.bits_without_feedback(now)) {
            person.estimate = bits;
        }
        let estimate = person.estimate;
        person.budget.estimate(now, estimate);
        let sights = sights(person, publishers, |number| table.find(who, number));
        let wishes: Vec<_> = sights.iter().map(|sight| wish(person, publishers, sight)).collect();
        let sound_bits = sounds(person, publishers) * VOICE_BITS;
        let usable_bits = person.budget.bits() * USED_PERCENT / 100;
        let mut picture_bits = usable_bits.saturating_sub(sound_bits);
        // A screen has no smaller layer, and is what everybody looks at.
        if let Some(screen) = sights.iter().zip(&wishes).find(|(sight, _)| is_stage(sight)).map(|(_, wish)| wish)
            && person.budget.may_try(now)
        {
            picture_bits = picture_bits.max(screen.least_bits());
        }
        let shares = layers::share(picture_bits, &wishes);

        // Another order, as when somebody else speaks, takes from one as well, but says nothing of the line.
        let present_bits: u64 = wishes.iter().map(Wish::sent_bits).sum();
        let is_less = |(wish, share): (&Wish, &Option<usize>)| wish.sent.is_some() && *share < wish.sent;
        if present_bits > picture_bits && wishes.iter().zip(&shares).any(is_less) {
            person.budget.hurt(now);
        }
        let is_poor = person.loss.is_high() || person.budget.bits() <= POOR_BITS;
        for view in person.lines.pictures.iter_mut().chain([&mut person.lines.stage]) {
            view.flow = Flow::Paused;
        }
        let mut unseen: Vec<_> = (0..person.lines.pictures.len()).map(Place::Slot).chain([Place::Stage]).collect();
        let mut asks = Vec::new();
        let (mut desired, mut sent, mut next) = (sound_bits, sound_bits, u64::MAX);
        for ((sight, wish), share) in sights.iter().zip(&wishes).zip(shares) {
            unseen.retain(|place| *place != sight.place);
            desired += wish.costs.last().copied().unwrap_or_default();
            let following = share.map_or(0, |layer| layer + 1);
            if let Some(cost) = wish.costs.get(following) {
                next = next.min(cost - share.map_or(0, |layer| wish.costs[layer]));
            }
            let chosen = share.map(|layer| sight.ladder[layer]);
            let high_comes = publishers.get(&sight.source).is_some_and(|publisher| publisher.high_comes);
            // Browsers leave out the large layer when they cannot encode it; the small one is better than nothing.
            let target = if chosen == Some(Stream::High) && !high_comes { Some(Stream::Low) } else { chosen };
            let layer = sight.ladder.iter().position(|stream| Some(*stream) == target);
            sent += layer.map_or(0, |layer| wish.costs[layer]);
            let view = person.view(sight.place);
            view.flow = match share {
                None => Flow::Paused,
                Some(layer) if is_poor || layer + 1 < sight.ladder.len() => Flow::Reduced,
                Some(_) => Flow::Full,
            };
            view.aim(now, target);
            let is_too_large = view.current == Some(Stream::High) && target != Some(Stream::High);
            if is_too_large && view.waits_since.is_some_and(|since| now >= since + LINGER_FOR) {
                view.current = None;
            }
            if let Some(target) = target.filter(|_| view.waits_since.is_some()) {
                asks.push((sight.source, target));
            }
            let wanted = wanted.entry(sight.source).or_default();
            match chosen {
                // The small layer is what is left when the line gets worse: it must be there at once.
                Some(Stream::High) => (wanted.low, wanted.high) = (true, true),
                Some(Stream::Low) => {
                    wanted.low = true;
                    wanted.high |= sight.tries_large;
                }
                Some(Stream::Screen) => wanted.screen = true,
                _ => {}
            }
        }
        for place in unseen {
            person.view(place).aim(now, None);
        }
        person.budget.use_for(sent);
        let is_lossy = person.loss.is_high();
        let next_bits = if next == u64::MAX { 0 } else { sent + next };
        if let Some(peer) = person.peer() {
            peer.aim(now, Aim { next_bits, desired_bits: desired, is_quiet: wishes.is_empty(), is_lossy });
        }
        for (source, stream) in asks {
            self.ask_for_keyframe(source, stream);
        }
    }

    fn measure(&mut self, members: &[ParticipantKey]) {
        let connected = members.iter().filter_map(|who| self.people.get(who)).filter(|person| person.is_connected());
        let estimates: Vec<_> = connected.map(|person| person.estimate).collect();
        self.counts.members = members.len() as u64;
        self.counts.connections = self.connections as u64;
        self.counts.estimate_lowest = estimates.iter().copied().min().unwrap_or_default();
        self.counts.estimate_mean = estimates.iter().sum::<u64>() / (estimates.len() as u64).max(1);
    }
}

impl Publisher {
    fn of(now: Instant, person: &Person) -> Self {
        let is_reached = person.is_reached(now);
        let has_layers = person.connection.as_ref().is_some_and(|connection| connection.peer.has_layers());
        Self {
            has_camera: is_reached && person.shares.camera,
            has_screen: is_reached && person.shares.screen,
            has_screen_sound: person.shares.screen_sound,
            screen_since: person.screen_since,
            is_podium: person.is_podium,
            is_speaking: person.voice.is_speaking(now),
            has_layers,
            high_comes: person.streams.is_there(now, Stream::High),
            high_is_missing: person.large_layer.is_missing(),
            high_is_tried: person.large_layer.is_tried(now),
            low_bits: person.streams.bits(now, Stream::Low),
            high_bits: person.streams.bits(now, Stream::High),
            screen_bits: person.streams.bits(now, Stream::Screen),
        }
    }

    fn bits(&self, stream: Stream) -> u64 {
        match stream {
            Stream::Low => self.low_bits,
            // Never less than the small one: a step up must cost something.
            Stream::High => self.high_bits.max(self.low_bits),
            _ => self.screen_bits,
        }
    }
}

impl Person {
    fn view(&mut self, place: Place) -> &mut super::person::View {
        match place {
            Place::Stage => &mut self.lines.stage,
            Place::Slot(slot) => &mut self.lines.pictures[slot],
        }
    }
}

/// What somebody sees, the most important first: the screen, the podium, who speaks, the rest in their own order.
fn sights(
    person: &Person,
    publishers: &HashMap<ParticipantKey, Publisher>,
    find: impl Fn(shared::protocol::Number) -> Option<ParticipantKey>,
) -> Vec<Sight> {
    let mut sights = Vec::new();
    for look in &person.looks {
        match look {
            Look::Screen => {
                if let Some(source) = person.stage.filter(|_| sights.iter().all(|(_, sight)| !is_stage(sight))) {
                    let sight = Sight { place: Place::Stage, source, ladder: &[Stream::Screen], tries_large: false };
                    sights.push((0, sight));
                }
            }
            Look::Camera(number, size) => {
                let Some(source) = find(*number) else { continue };
                let Some(slot) = person.pictures.slot_of(source) else { continue };
                let Some(publisher) = publishers.get(&source) else { continue };
                let place = Place::Slot(slot);
                if sights.iter().any(|(_, sight): &(_, Sight)| sight.place == place) {
                    continue;
                }
                let is_large = *size == PictureSize::Large && publisher.has_layers;
                let ladder: &[Stream] = match size {
                    PictureSize::Hidden => continue,
                    _ if is_large && !publisher.high_is_missing => &[Stream::Low, Stream::High],
                    PictureSize::Tile | PictureSize::Large => &[Stream::Low],
                };
                let tries_large = is_large && publisher.high_is_tried;
                let rank = if publisher.is_podium { 1 } else { 3 - i32::from(publisher.is_speaking) };
                sights.push((rank, Sight { place, source, ladder, tries_large }));
            }
        }
    }
    sights.sort_by_key(|(rank, _)| *rank);
    sights.into_iter().map(|(_, sight)| sight).collect()
}

/// For how many sounds somebody's line must have room: those who speak and one who may begin to at any moment, since an
/// open microphone costs little while it is silent; and the sound of the screen.
fn sounds(person: &Person, publishers: &HashMap<ParticipantKey, Publisher>) -> u64 {
    let of = |who: Option<ParticipantKey>| who.and_then(|who| publishers.get(&who));
    let holders = person.voices.holders();
    let open = holders.iter().flatten().count();
    let speaking = holders.iter().filter(|holder| of(**holder).is_some_and(|holder| holder.is_speaking)).count();
    let screen = of(person.stage).is_some_and(|publisher| publisher.has_screen_sound);
    (speaking + 1).min(open) as u64 + u64::from(screen)
}

fn is_stage(sight: &Sight) -> bool {
    sight.place == Place::Stage
}

fn wish(person: &mut Person, publishers: &HashMap<ParticipantKey, Publisher>, sight: &Sight) -> Wish {
    let costs = sight.ladder.iter().filter_map(|stream| Some(publishers.get(&sight.source)?.bits(*stream))).collect();
    let aimed = person.view(sight.place).target;
    Wish { costs, sent: aimed.and_then(|target| sight.ladder.iter().position(|stream| *stream == target)) }
}
