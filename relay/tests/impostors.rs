//! Whoever pretends to be somebody else is refused before anything they say reaches anybody.

mod common;

use common::{Bystanders, Client, End, hello, identity, start, start_with};
use relay::{config::Config, limits::Limits};
use shared::{
    chat::{ChatText, MessageId},
    identity::UserId,
    profile::Name,
    protocol::{Direct, Hello, Refusal, RelayUrl, ToClient, ToRelay, codec},
};
use tokio_tungstenite::tungstenite::Message;

fn binary(bytes: &[u8]) -> Message {
    Message::Binary(bytes.to_vec().into())
}

#[tokio::test]
async fn a_stolen_or_forged_hello_is_refused() {
    let relay = start().await;
    let mut bystanders = Bystanders::enter(&relay).await;
    let say = async |hello: Hello| {
        let mut client = relay.dial().await;
        client.say(&ToRelay::Hello(Box::new(hello))).await;
        client.end().await
    };
    let url = relay.url();

    let forged = Hello { public_key: [5; 32], ..hello(1, &url, &[0; 32]) };
    assert_eq!(say(forged).await, End::refused(Refusal::WrongSignature));

    // What another connection was asked, as if a hello was recorded and sent again.
    let other = relay.dial().await;
    assert_eq!(say(hello(1, &url, &other.nonce)).await, End::refused(Refusal::WrongSignature));

    // Signed for another relay which passes it on, without and with a changed URL.
    let mut client = relay.dial().await;
    let honest = hello(1, "wss://evil.example/ws", &client.nonce);
    client.say(&ToRelay::Hello(Box::new(honest))).await;
    assert_eq!(client.end().await, End::refused(Refusal::WrongRelay { expected: url.clone() }));
    let mut client = relay.dial().await;
    let mut changed = hello(1, "wss://evil.example/ws", &client.nonce);
    changed.relay_url = RelayUrl::new(&url).expect("a URL");
    client.say(&ToRelay::Hello(Box::new(changed))).await;
    assert_eq!(client.end().await, End::refused(Refusal::WrongSignature));

    // Half of one.
    let mut client = relay.dial().await;
    let mut half = codec::encode_to_relay(&ToRelay::Hello(Box::new(hello(1, &url, &client.nonce))));
    half.truncate(80);
    client.send(binary(&half)).await;
    assert_eq!(client.end().await, End::refused(Refusal::Malformed));
    bystanders.go_on().await;
}

/// Bob, to whom everybody tries to speak as Ada.
async fn hear_from(bob: &mut Client) -> Vec<UserId> {
    bob.say(&ToRelay::Ping).await;
    let mut from = Vec::new();
    bob.hear_until("an answer", |message| {
        match message {
            ToClient::DirectReceived(direct) => from.push(direct.with),
            ToClient::Said { remark, .. } => from.push(remark.from),
            ToClient::Typing(who) | ToClient::Waved(who) | ToClient::Delivered { by: who, .. } => from.push(*who),
            _ => {}
        }
        (*message == ToClient::Pong).then_some(())
    })
    .await;
    from
}

#[tokio::test]
async fn nobody_speaks_as_another() {
    let relay = start().await;
    let url = relay.url();
    let (ada_id, bob_id, mallory_id) = (identity(1).user_id(), identity(2).user_id(), identity(3).user_id());
    let direct = Direct {
        with: bob_id,
        id: MessageId::from_bits(1),
        sent_at_ms: 1,
        text: ChatText::new("it is me, Ada").expect("a text"),
    };
    let direct = ToRelay::SendDirect(Box::new(direct));
    let mut bob = relay.enter(2).await;
    // Ada comes in, and what she sends is written down on the way.
    let mut ada = relay.dial().await;
    let recorded = hello(1, &url, &ada.nonce);
    ada.say(&ToRelay::Hello(Box::new(recorded.clone()))).await;
    assert!(matches!(ada.hear().await, ToClient::Welcome(_)));

    // Her hello again, word for word, with the message right behind it.
    let mut client = relay.dial().await;
    client.say(&ToRelay::Hello(Box::new(recorded))).await;
    client.say(&direct).await;
    assert_eq!(client.end().await, End::refused(Refusal::WrongSignature));

    // Her public key, which everybody knows, under a signature of one's own for the right nonce.
    let mut client = relay.dial().await;
    let forged = Hello { public_key: identity(1).public_key(), ..hello(3, &url, &client.nonce) };
    client.say(&ToRelay::Hello(Box::new(forged))).await;
    client.say(&direct).await;
    assert_eq!(client.end().await, End::refused(Refusal::WrongSignature));

    // No hello at all.
    let mut client = relay.dial().await;
    client.say(&direct).await;
    assert_eq!(client.end().await, End::refused(Refusal::OutOfOrder));

    // As oneself, with her name behind the message, where no sender belongs.
    let mut client = relay.enter(3).await;
    let mut bytes = codec::encode_to_relay(&direct);
    bytes.extend(codec::encode_to_relay(&ToRelay::Wave(ada_id)).split_off(1));
    client.send(binary(&bytes)).await;
    assert_eq!(client.end().await, End::refused(Refusal::Malformed));

    // A hello as her in the middle of one's own connection.
    let mut client = relay.enter(3).await;
    client.say(&ToRelay::Hello(Box::new(hello(1, &url, &client.nonce)))).await;
    client.say(&direct).await;
    assert_eq!(client.end().await, End::refused(Refusal::OutOfOrder));
    assert_eq!(hear_from(&mut bob).await, []);

    // Whatever one says under her name or with her identifiers, it is oneself who said it.
    let mut client = relay.enter(3).await;
    client.say(&ToRelay::SetName(Name::new("Person 1").expect("a name"))).await;
    client.say(&direct).await;
    client.say(&ToRelay::Stored { from: bob_id, id: MessageId::from_bits(1) }).await;
    client.say(&ToRelay::Typing(bob_id)).await;
    client.say(&ToRelay::Wave(bob_id)).await;
    client.say(&ToRelay::Ping).await;
    client.hear_until("an answer", |message| (*message == ToClient::Pong).then_some(())).await;
    assert_eq!(hear_from(&mut bob).await, [mallory_id; 4]);

    // She herself was not disturbed.
    ada.say(&direct).await;
    ada.say(&ToRelay::Ping).await;
    ada.hear_until("an answer", |message| (*message == ToClient::Pong).then_some(())).await;
    assert_eq!(hear_from(&mut bob).await, [ada_id]);
}

#[tokio::test]
async fn a_public_relay_takes_hellos_for_its_public_url_alone() {
    let config = Config { public_url: Some("https://class.example.org".into()), ..Config::loopback() };
    let relay = start_with(config, Limits::default()).await;
    let expected = "wss://class.example.org/ws";
    let mut client = relay.dial().await;
    let dialled = hello(1, &relay.url(), &client.nonce);
    client.say(&ToRelay::Hello(Box::new(dialled))).await;
    assert_eq!(client.end().await, End::refused(Refusal::WrongRelay { expected: expected.into() }));
    let mut client = relay.dial().await;
    let public = hello(1, expected, &client.nonce);
    client.say(&ToRelay::Hello(Box::new(public))).await;
    assert!(matches!(client.hear().await, ToClient::Welcome(_)));
}
