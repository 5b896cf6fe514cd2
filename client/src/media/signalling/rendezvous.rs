//! Signalling by a stock matchbox server, for development: it introduces everybody in one of its rooms to everybody
//! else, by ids of which it does not know whose they are. So pages tell one another, by signals of their own, before
//! they make links. They are believed; the relay's introductions need no belief.

use std::collections::HashMap;

use matchbox_protocol::{PeerEvent, PeerRequest};
use serde::{Deserialize, Serialize};
use shared::{identity::UserId, protocol::PeerId};

use super::{Signal, peer_id};
use crate::media::limits::INTRODUCTIONS_KEPT;

/// What pages tell one another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Word {
    /// This is me; and who are you? Also to be linked again.
    Hello(String),
    /// This is me.
    Welcome(String),
    /// What the relay would hand on.
    #[serde(untagged)]
    Signal(Signal),
}

/// What comes of a text of the server.
#[derive(Debug, PartialEq)]
pub(super) enum Heard {
    /// This is to be sent.
    Say(String),
    /// That id is of that person; whether it is oneself who offers.
    Met {
        peer: PeerId,
        user_id: UserId,
        offers: bool,
    },
    Signal(PeerId, Signal),
    Left(PeerId),
}

/// The server, and whom it calls how.
#[derive(Debug)]
pub(super) struct Rendezvous {
    own: UserId,
    pub(super) url: String,
    known: HashMap<PeerId, UserId>,
}

impl Rendezvous {
    pub(super) fn new(own: UserId, url: String) -> Self {
        Self { own, url, known: HashMap::new() }
    }

    /// Another connection has other ids.
    pub(super) fn forget(&mut self) {
        self.known.clear();
    }

    /// What asks that person to be linked with oneself again.
    pub(super) fn ask(&self, user_id: UserId) -> Option<String> {
        let (peer, _) = self.known.iter().find(|(_, known)| **known == user_id)?;
        Some(say(*peer, Word::Hello(self.own.to_string())))
    }

    /// Takes a text of the server. What is not of the protocol means nothing.
    pub(super) fn hear(&mut self, text: &str) -> Vec<Heard> {
        match serde_json::from_str::<PeerEvent<Word>>(text) {
            Ok(PeerEvent::NewPeer(peer)) => {
                vec![Heard::Say(say(peer_id(peer), Word::Hello(self.own.to_string())))]
            }
            Ok(PeerEvent::Signal { sender, data }) => self.told(peer_id(sender), data),
            Ok(PeerEvent::PeerLeft(peer)) => {
                self.known.remove(&peer_id(peer));
                vec![Heard::Left(peer_id(peer))]
            }
            Ok(PeerEvent::IdAssigned(_)) | Err(_) => Vec::new(),
        }
    }

    fn told(&mut self, peer: PeerId, word: Word) -> Vec<Heard> {
        let mut heard = Vec::new();
        let name = match word {
            Word::Signal(signal) => return vec![Heard::Signal(peer, signal)],
            Word::Hello(name) => {
                heard.push(Heard::Say(say(peer, Word::Welcome(self.own.to_string()))));
                name
            }
            Word::Welcome(name) => name,
        };
        let Ok(user_id) = name.parse::<UserId>() else { return Vec::new() };
        if self.known.len() >= INTRODUCTIONS_KEPT {
            self.known.clear();
        }
        self.known.insert(peer, user_id);
        heard.push(Heard::Met { peer, user_id, offers: self.own < user_id });
        heard
    }
}

fn say(peer: PeerId, word: Word) -> String {
    let receiver = matchbox_protocol::PeerId(uuid::Uuid::from_u128(peer.0));
    // Strings in enums: cannot fail.
    serde_json::to_string(&PeerRequest::Signal { receiver, data: word }).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::tests::person;

    /// What the server makes of it for the receiver.
    fn handed_on(sender: PeerId, text: &str) -> String {
        let request: PeerRequest<serde_json::Value> = serde_json::from_str(text).expect("a request");
        let PeerRequest::Signal { data, .. } = request else { panic!("expected a signal, was {text}") };
        let sender = matchbox_protocol::PeerId(uuid::Uuid::from_u128(sender.0));
        serde_json::to_string(&PeerEvent::Signal { sender, data }).expect("plain data")
    }

    fn said(heard: &Heard) -> &str {
        let Heard::Say(text) = heard else { panic!("expected something to say, was {heard:?}") };
        text
    }

    #[test]
    fn two_learn_who_the_other_is_and_one_of_them_offers() {
        let (ada, bob) = (person(1), person(2));
        let mut here = Rendezvous::new(ada, "ws://127.0.0.1:3536/room".to_owned());
        let mut there = Rendezvous::new(bob, here.url.clone());
        let (a, b) = (PeerId(10), PeerId(20));
        let newcomer = PeerEvent::<Signal>::NewPeer(matchbox_protocol::PeerId(uuid::Uuid::from_u128(b.0)));
        let hello = here.hear(&serde_json::to_string(&newcomer).expect("plain data"));
        let welcome = there.hear(&handed_on(a, said(&hello[0])));
        assert_eq!(welcome[1], Heard::Met { peer: a, user_id: ada, offers: bob < ada });
        let met = here.hear(&handed_on(b, said(&welcome[0])));
        assert_eq!(met, [Heard::Met { peer: b, user_id: bob, offers: ada < bob }]);

        assert!(here.ask(person(3)).is_none(), "whom the server has not");
        let again = here.ask(bob).expect("somebody known");
        assert_eq!(there.hear(&handed_on(a, &again)).len(), 2, "whoever is asked again answers again");
        here.forget();
        assert!(here.ask(bob).is_none());
    }

    #[test]
    fn signals_pass_and_anything_else_means_nothing() {
        let mut here = Rendezvous::new(person(1), String::new());
        let offer = say(PeerId(5), Word::Signal(Signal::Offer("v=0".to_owned())));
        assert_eq!(
            here.hear(&handed_on(PeerId(5), &offer)),
            [Heard::Signal(PeerId(5), Signal::Offer("v=0".to_owned()))]
        );
        for text in ["", "{}", "{\"NewPeer\":1}", "[1]"] {
            assert_eq!(here.hear(text), []);
        }
        let nobody = say(PeerId(5), Word::Hello("nobody".to_owned()));
        assert_eq!(here.hear(&handed_on(PeerId(5), &nobody)), []);
    }
}
