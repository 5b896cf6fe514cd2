//! Whatever somebody sends or does not read, the relay's memory stays within bounds. The relay is a process of its own,
//! so that what it takes can be told from what its clients take.

#![cfg(target_os = "linux")]

mod common;

use std::{
    fs,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    time::Duration,
};

use common::{Bystanders, Client, Running, hello, soon};
use shared::{
    chat::{Channel, ChatText, MessageId},
    identity::{Identity, UserId},
    limits::CHAT_CHARACTERS,
    protocol::{Direct, Hello, ToClient, ToRelay, VERSION, codec},
};
use tokio::{io::AsyncWriteExt, time::timeout};
use tokio_tungstenite::{MaybeTlsStream, tungstenite::Message};

/// What floods and slow readers together may add. By the relay's limits it is far less; memory that grows with what is
/// sent passes this soon.
const GROWTH_KIB: u64 = 64 * 1024;

/// Bytes that each flood tries to send: more than [`GROWTH_KIB`], if they were kept.
const FLOOD_BYTES: usize = 96 * 1024 * 1024;

/// People who read nothing, and others who each write to them what they may at once.
const DEAF: u32 = 24;
const WRITERS: u32 = 600;
const AT_ONCE: usize = 20;

/// The relay's program.
struct Process {
    child: Child,
    relay: Running,
}

impl Process {
    fn start() -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_relay"))
            .args(["--listen", "127.0.0.1:0", "--media-listen", "127.0.0.1:0", "--per-address", "5000", "--map"])
            .arg(common::map())
            .env("RELAY_LOG", "off")
            .stdout(Stdio::piped())
            .spawn()
            .expect("the relay's program");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line).expect("a line");
        let address = line.trim().strip_prefix("listening on http://").expect("a relay that listens");
        let relay = Running::elsewhere(address.parse().expect("an address"));
        Self { child, relay }
    }

    /// Memory in use, in KiB: `VmRSS` now, `VmHWM` at most so far.
    fn memory(&self, field: &str) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("a process that runs");
        let line = status.lines().find_map(|line| line.strip_prefix(field)?.strip_prefix(':')).expect("its memory");
        line.trim().trim_end_matches(" kB").parse().expect("a number")
    }

    /// How many connections it closed for that reason.
    async fn refusals(&self, reason: &str) -> u64 {
        let metrics = self.relay.get("/metrics", &[]).await.body;
        let line = metrics.lines().find(|line| line.contains("refusals_total{") && line.contains(reason));
        line.and_then(|line| line.rsplit(' ').next()?.parse().ok()).unwrap_or_default()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One of more people than a byte counts.
fn stranger(number: u32) -> Identity {
    let mut secret = [7; 32];
    secret[..4].copy_from_slice(&number.to_le_bytes());
    Identity::from_secret(&secret)
}

async fn come_in(mut client: Client, number: u32) -> Client {
    let identity = stranger(number);
    let hello = Hello {
        public_key: identity.public_key(),
        signature: identity.sign_hello(VERSION, &client.url, &client.nonce),
        ..hello(1, &client.url, &client.nonce)
    };
    client.say(&ToRelay::Hello(Box::new(hello))).await;
    assert!(matches!(client.hear().await, ToClient::Welcome(_)));
    client
}

/// Bytes of a client's frame of some kind, with a mask of zeros.
fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(payload.len()).expect("a short frame").to_be_bytes();
    [&[first, 0x80 | 0x7e][..], &length, &[0; 4], payload].concat()
}

/// Sends how it begins, and then the same again and again until the relay has hung up, or [`FLOOD_BYTES`] went out:
/// what comes on a connection that is over, the relay reads and throws away for a while.
async fn flood(client: &mut Client, beginning: &[u8], bytes: &[u8]) {
    let MaybeTlsStream::Plain(socket) = client.socket.get_mut() else { panic!("expected a bare socket") };
    let _ = socket.write_all(beginning).await;
    let mut sent = 0;
    while sent < FLOOD_BYTES {
        // Nothing is read meanwhile, so that the relay may stop reading as well: then this is over.
        match timeout(Duration::from_secs(2), socket.write_all(bytes)).await {
            Ok(Ok(())) => sent += bytes.len(),
            Ok(Err(_)) | Err(_) => break,
        }
    }
}

fn longest_text() -> ChatText {
    ChatText::new(&"😀".repeat(CHAT_CHARACTERS)).expect("a text")
}

fn letter(with: UserId, id: u64) -> Message {
    let direct = Direct { with, id: MessageId::from_bits(id), sent_at_ms: 1, text: longest_text() };
    Message::Binary(codec::encode_to_relay(&ToRelay::SendDirect(Box::new(direct))).into())
}

#[tokio::test]
async fn floods_and_slow_readers_do_not_fill_the_memory() {
    let process = Process::start();
    let mut bystanders = Bystanders::enter(&process.relay).await;
    bystanders.go_on().await;
    let before = process.memory("VmRSS");

    // Floods, before and after the hello: of texts, of pieces without an end, of what is no message.
    let text = longest_text();
    let remark = ToRelay::Say { channel: Channel::Everyone, id: MessageId::from_bits(1), text };
    let remarks = frame(0x82, &codec::encode_to_relay(&remark)).repeat(8);
    let begun = frame(0x02, &[0; 1000]);
    let pieces = frame(0x00, &[0; 1000]).repeat(64);
    let noise = frame(0x82, &[0xff; 1000]).repeat(64);
    let pings = frame(0x89, &[0; 125]).repeat(512);
    let nothing = Vec::new();
    let floods = [(&nothing, &remarks), (&begun, &pieces), (&nothing, &noise), (&nothing, &pings)];
    for (index, (beginning, bytes)) in floods.into_iter().enumerate() {
        for is_in in [true, false] {
            let mut client = process.relay.dial().await;
            if is_in {
                client = come_in(client, 10_000 + index as u32).await;
            }
            flood(&mut client, beginning, bytes).await;
            bystanders.go_on().await;
        }
    }

    // People who read nothing of the longest letters there are, from people without number.
    let mut deaf = Vec::new();
    for number in 0..DEAF {
        deaf.push(come_in(Client::dial_narrow(&process.relay).await, number).await);
    }
    let addressees: Vec<_> = (0..DEAF).map(|number| stranger(number).user_id()).collect();
    for number in 0..WRITERS {
        let mut writer = come_in(process.relay.dial().await, 1000 + number).await;
        for index in 0..AT_ONCE {
            let with = addressees[(number as usize * AT_ONCE + index) % addressees.len()];
            writer.send(letter(with, index as u64)).await;
        }
        // The relay has them when it answers.
        soon("an answer", async { while !matches!(writer.hear().await, ToClient::Answered { .. }) {} }).await;
        if number % 10 == 0 {
            bystanders.go_on().await;
        }
    }
    assert!(process.refusals("too_slow").await > 0, "expected some who read nothing to be sent away");
    bystanders.go_on().await;

    let grown = process.memory("VmHWM").saturating_sub(before);
    assert!(grown <= GROWTH_KIB, "grew by {grown} KiB from {before} KiB");
}
