//! The relay over real sockets: what people say to one another, and the longest of it.

mod common;

use common::{Client, End, identity, soon, start};
use shared::{
    chat::{Channel, ChatText, MessageId},
    limits::{CHAT_BYTES, CHAT_CHARACTERS, CHAT_MESSAGE_BYTES, DIRECT_MESSAGES, REMARKS},
    protocol::{Direct, Outcome, Refusal, Remark, ToClient, ToRelay, Where},
};
use tokio_tungstenite::tungstenite::Message;

fn text(text: &str) -> ChatText {
    ChatText::new(text).expect("a text")
}

/// As many characters as a text has, of those that take the most bytes.
fn longest() -> String {
    "😀".repeat(CHAT_CHARACTERS)
}

fn id(number: u32) -> MessageId {
    MessageId::from_bits(number.into())
}

fn direct(with: u8, number: u32, words: &str) -> Direct {
    Direct { with: identity(with).user_id(), id: id(number), sent_at_ms: 1_795_391_999_999, text: text(words) }
}

/// A remark to everyone, however long.
fn raw_remark(words: &str) -> Message {
    let length = u16::try_from(words.len()).expect("less than 64 KiB").to_le_bytes();
    let head = [&[6, 2][..], &[0; 8], &[0xfb], &length].concat();
    Message::Binary([&head, words.as_bytes()].concat().into())
}

async fn hear_answer(client: &mut Client, number: u32) -> Outcome {
    client
        .hear_until("an answer", |message| match message {
            ToClient::Answered { id: answered, outcome } if *answered == id(number) => Some(*outcome),
            _ => None,
        })
        .await
}

async fn hear_said(client: &mut Client) -> (Where, Remark) {
    client
        .hear_until("a remark", |message| match message {
            ToClient::Said { place, remark } => Some((place.clone(), (**remark).clone())),
            _ => None,
        })
        .await
}

#[tokio::test]
async fn a_direct_message_is_handed_on_and_its_receipt_comes_back() {
    let relay = start().await;
    let [mut ada, mut bob] = [relay.enter(1).await, relay.enter(2).await];
    ada.say(&ToRelay::SendDirect(Box::new(direct(2, 1, "hi, Bob\n👋")))).await;
    assert_eq!(hear_answer(&mut ada, 1).await, Outcome::Sent);
    let received = bob.hear_until("a message", |message| match message {
        ToClient::DirectReceived(direct) => Some((**direct).clone()),
        _ => None,
    });
    assert_eq!(received.await, Direct { with: identity(1).user_id(), ..direct(2, 1, "hi, Bob\n👋") });
    bob.say(&ToRelay::Stored { from: identity(1).user_id(), id: id(1) }).await;
    let delivered = ToClient::Delivered { by: identity(2).user_id(), id: id(1) };
    ada.hear_until("a receipt", |message| (*message == delivered).then_some(())).await;
    drop(bob);
    // Sooner or later the relay notices.
    let mut number = 2;
    soon("nobody being here", async {
        loop {
            ada.say(&ToRelay::SendDirect(Box::new(direct(2, number, "still there?")))).await;
            if hear_answer(&mut ada, number).await == Outcome::NotHere {
                break;
            }
            number += 1;
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_said_to_everyone_is_heard_and_read_by_who_comes_later() {
    let relay = start().await;
    let [mut ada, mut bob] = [relay.enter(1).await, relay.enter(2).await];
    ada.say(&ToRelay::Say { channel: Channel::Everyone, id: id(1), text: text("good morning") }).await;
    let (place, remark) = hear_said(&mut bob).await;
    assert_eq!((place, remark.from, remark.name.as_str()), (Where::Everyone, identity(1).user_id(), "Person 1"));
    let mut late = relay.enter(3).await;
    match late.hear().await {
        ToClient::History { place: Where::Everyone, remarks } => assert_eq!(remarks[0].text, remark.text),
        other => panic!("expected what was said before, heard {other:?}"),
    }
    let metrics = relay.get("/metrics", &[]).await.body;
    for line in [
        "relay_messages_in_total{kind=\"say\"} 1\n",
        "relay_messages_out_total{kind=\"said\"} 1\n",
        "relay_messages_out_total{kind=\"history\"} 1\n",
        "relay_messages_out_total{kind=\"answered\"} 1\n",
    ] {
        assert!(metrics.contains(line), "{line} is not in\n{metrics}");
    }
    assert!(!metrics.contains("morning"));
}

#[tokio::test]
async fn the_longest_text_passes_and_a_longer_one_is_refused() {
    let relay = start().await;
    let mut bob = relay.enter(2).await;
    let mut ada = relay.enter(1).await;
    for words in [longest(), "x".repeat(CHAT_CHARACTERS)] {
        ada.send(raw_remark(&words)).await;
        assert_eq!(hear_said(&mut bob).await.1.text.as_str(), words);
    }
    for (what, words) in [
        ("a character too many", "x".repeat(CHAT_CHARACTERS + 1)),
        ("a character too many, the longest", longest() + "😀"),
        ("as many bytes as a text may have, in too many characters", "x".repeat(CHAT_BYTES)),
        ("a byte too many", "x".repeat(CHAT_BYTES + 1)),
        // 13 bytes are around it.
        ("the longest message", "x".repeat(CHAT_MESSAGE_BYTES - 13)),
        ("more than a message", "x".repeat(CHAT_MESSAGE_BYTES - 12)),
    ] {
        let mut client = relay.enter(3).await;
        client.send(raw_remark(&words)).await;
        assert_eq!(client.end().await, End::refused(Refusal::Malformed), "{what}");
    }
}

#[tokio::test]
async fn all_that_may_be_said_at_once_is_no_flood() {
    let relay = start().await;
    let mut bob = relay.enter(2).await;
    let mut ada = relay.enter(1).await;
    let longest = longest();
    // Directs and remarks up to their rates, and then as many as are answered as too fast.
    let directs = 0..DIRECT_MESSAGES.burst + 10;
    let remarks = 100..100 + REMARKS.burst + 10;
    for number in directs.clone() {
        ada.say(&ToRelay::SendDirect(Box::new(direct(2, number, &longest)))).await;
    }
    for number in remarks.clone() {
        ada.say(&ToRelay::Say { channel: Channel::Everyone, id: id(number), text: text(&longest) }).await;
    }
    let [mut sent, mut too_fast] = [0, 0];
    for number in directs.chain(remarks) {
        match hear_answer(&mut ada, number).await {
            Outcome::Sent => sent += 1,
            Outcome::TooFast => too_fast += 1,
            other => panic!("{other:?}"),
        }
    }
    // A machine that took a second for it has let some more through.
    assert!(sent >= DIRECT_MESSAGES.burst + REMARKS.burst, "{sent} sent, {too_fast} too fast");
    let mut heard = 0;
    bob.hear_until("all of it", |message| {
        heard += u32::from(matches!(message, ToClient::DirectReceived(_) | ToClient::Said { .. }));
        (heard == sent).then_some(())
    })
    .await;
}
