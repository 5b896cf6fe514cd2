//! The relay introduces sockets that are not ours: two of matchbox, as they are published, meet if their people do.

use std::time::Duration;

use e2e::visitor::{Arrival, RELIABLE, UNRELIABLE, Visitor};
use futures_util::StreamExt;
use matchbox_socket::{PeerState, WebRtcSocket};
use relay::{Relay, config::Config, limits::Limits};
use shared::{
    identity::UserId,
    movement::Edge,
    position::{Direction, Position},
    protocol::{PeerId, ToClient, ToRelay},
};
use tokio::{task::JoinHandle, time::timeout};
use uuid::Uuid;

/// No event is waited for longer than this: a busy machine may take its time, and a link has to be encrypted.
const PATIENCE: Duration = Duration::from_mins(1);

async fn soon<T>(what: &str, future: impl Future<Output = T>) -> T {
    timeout(PATIENCE, future).await.unwrap_or_else(|_| panic!("waited in vain for {what}"))
}

/// Starts a relay on a free port, with the project's own map; its WebSocket.
async fn start() -> String {
    let relay = Relay::bind(&Config::loopback(), e2e::campus(), Limits::default()).await.expect("a relay");
    let url = format!("ws://{}/ws", relay.address());
    tokio::spawn(relay.run(std::future::pending()));
    url
}

/// On the path of the courtyard, so many tiles east of where people arrive.
fn east(tiles: u16) -> Edge {
    let position = Position::new((38 + tiles) * 16, 700);
    Edge { position, direction: Direction::Left, is_moving: false }
}

/// Somebody with a socket for links, who hears what the relay says while waiting for anything else.
struct Person {
    visitor: Visitor,
    socket: WebRtcSocket,
    links: JoinHandle<Result<(), matchbox_socket::Error>>,
    /// By which names signalling calls whom.
    met: Vec<(PeerId, UserId)>,
}

impl Person {
    async fn enter(url: &str, name: &str, place: Edge) -> Self {
        let mut visitor = Visitor::enter(url, name, Arrival::At(place)).await.expect("in");
        let (socket, links) = visitor.open_links().await.expect("a socket");
        let mut person = Self { visitor, socket, links: tokio::spawn(links), met: Vec::new() };
        soon("an id", async {
            while person.socket.id().is_none() {
                // The socket tells its id, but not when it has one.
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        })
        .await;
        person
    }

    fn user_id(&self) -> UserId {
        self.visitor.user_id()
    }

    /// Takes note of what the relay says. True if it is the answer to a question for a sign of life.
    fn note(&mut self, message: &ToClient) -> bool {
        if let ToClient::Introduced { peer, user_id } = *message {
            self.met.push((peer, user_id));
        }
        *message == ToClient::Pong
    }

    /// Waits until a link stands or falls: whose, as far as is known.
    async fn link(&mut self) -> (PeerId, PeerState) {
        soon("a link", async {
            loop {
                tokio::select! {
                    link = self.socket.next() => {
                        let (peer, state) = link.expect("signalling");
                        return (PeerId(peer.0.as_u128()), state);
                    }
                    message = self.visitor.hear() => {
                        self.note(&message.expect("connected"));
                    }
                }
            }
        })
        .await
    }

    /// Hears all the relay has said so far.
    async fn catch_up(&mut self) {
        self.visitor.say(&ToRelay::Ping).await.expect("connected");
        soon("an answer", async {
            loop {
                let message = self.visitor.hear().await.expect("connected");
                if self.note(&message) {
                    return;
                }
            }
        })
        .await;
    }

    /// How signalling calls that person, who was introduced once.
    fn name_of(&self, other: &Self) -> PeerId {
        let [(peer, _)] = self.met.iter().filter(|(_, met)| *met == other.user_id()).collect::<Vec<_>>()[..] else {
            panic!("expected one introduction, and there are {:?}", self.met)
        };
        *peer
    }
}

/// Waits until the link between two stands at both ends.
async fn linked(ada: &mut Person, bob: &mut Person) {
    let (to_bob, to_ada) = tokio::join!(ada.link(), bob.link());
    ada.catch_up().await;
    bob.catch_up().await;
    assert_eq!(to_bob, (ada.name_of(bob), PeerState::Connected));
    assert_eq!(to_ada, (bob.name_of(ada), PeerState::Connected));
}

/// Sends a message from one to the other.
async fn talk(from: &mut Person, to: &mut Person, channel: usize, packet: Vec<u8>) {
    let (whom, who) = (from.name_of(to), to.name_of(from));
    let whom = matchbox_socket::PeerId(Uuid::from_u128(whom.0));
    let (sender, received) = soon("a message", async {
        // What is sent on the unreliable channel may be lost even here.
        loop {
            from.socket.channel_mut(channel).send(packet.clone().into(), whom);
            let next = timeout(Duration::from_secs(2), to.socket.channel_mut(channel).next());
            if let Ok(message) = next.await {
                return message.expect("an open channel");
            }
        }
    })
    .await;
    assert_eq!((PeerId(sender.0.as_u128()), &received[..]), (who, &packet[..]));
}

#[tokio::test]
async fn two_who_are_near_are_linked_and_talk_on_both_channels() {
    let url = start().await;
    let mut ada = Person::enter(&url, "Ada", east(0)).await;
    let mut bob = Person::enter(&url, "Bob", east(7)).await;
    linked(&mut ada, &mut bob).await;
    let packet = |bytes: usize| (0..=255).cycle().take(bytes).collect::<Vec<u8>>();
    for channel in [RELIABLE, UNRELIABLE] {
        talk(&mut ada, &mut bob, channel, packet(1000 + channel)).await;
        talk(&mut bob, &mut ada, channel, packet(1100 + channel)).await;
    }
    // A message that takes many packets of the network.
    talk(&mut ada, &mut bob, RELIABLE, packet(30_000)).await;
    assert!(!ada.links.is_finished() && !bob.links.is_finished());
}

#[tokio::test]
async fn who_stands_far_away_meets_nobody_until_they_come_near() {
    let url = start().await;
    let mut ada = Person::enter(&url, "Ada", east(0)).await;
    let mut bob = Person::enter(&url, "Bob", east(9)).await;
    let mut cy = Person::enter(&url, "Cy", east(14)).await;
    linked(&mut bob, &mut cy).await;
    // All were looked at when those two were introduced. Not even asking helps.
    ada.visitor.say(&ToRelay::Introduce(bob.user_id())).await.expect("connected");
    ada.catch_up().await;
    assert_eq!(ada.met, []);
    assert_eq!(ada.socket.try_update_peers().expect("signalling"), []);
    assert!(!ada.links.is_finished());

    ada.visitor.say(&ToRelay::Moved(east(2))).await.expect("connected");
    linked(&mut ada, &mut bob).await;
    talk(&mut ada, &mut bob, RELIABLE, b"there you are".to_vec()).await;
    cy.catch_up().await;
    assert_eq!(cy.met.len(), 1, "Cy and Ada are 12 tiles apart");
}

#[tokio::test]
async fn who_leaves_is_reported_to_the_other() {
    let url = start().await;
    let mut ada = Person::enter(&url, "Ada", east(0)).await;
    let mut bob = Person::enter(&url, "Bob", east(1)).await;
    linked(&mut ada, &mut bob).await;
    let name = ada.name_of(&bob);
    bob.links.abort();
    drop(bob);
    assert_eq!(ada.link().await, (name, PeerState::Disconnected));
}
