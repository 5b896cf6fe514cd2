//! How long a movement takes to everybody else, and what it costs: the relay as it is hosted, as a process of its own,
//! with 50, 200 and 1000 walkers who each send one edge a second. Run by `cargo xtask bench relay`.
//!
//! The clients are as bare as can be, all in one thread, so that the machine's other core is the relay's. What they
//! need to read is part of the delay that is shown. `BENCH_SECONDS` changes how long each crowd is measured.

#![allow(clippy::print_stdout, reason = "a table is what this program makes")]

#[path = "common/process.rs"]
mod process;

use std::{
    cell::{Cell, RefCell},
    io,
    net::SocketAddr,
    path::Path,
    rc::Rc,
    time::{Duration, Instant},
};

use anyhow::{Result, bail, ensure};
use shared::{
    identity::Identity,
    movement::Edge,
    position::{Direction, Position},
    profile::{Appearance, Name, Profile, Status},
    protocol::{Hello, RelayUrl, ToClient, ToRelay, VERSION, codec},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::LocalSet,
    time::{MissedTickBehavior, interval, sleep},
};

use self::process::Relay;

/// Walkers, and what is aimed for with them: delay of the slowest hundredth, deliveries per second of processor time.
const CROWDS: [(usize, Duration, f64); 3] = [
    (50, Duration::from_millis(1), 0.0),
    (200, Duration::from_millis(5), 0.3e6),
    (1000, Duration::from_millis(25), 4e6),
];

/// Aims for every crowd, or for the largest.
const BYTES_EACH: f64 = 10.5;
const IDLE_KIB: f64 = 8.0;

fn main() -> Result<()> {
    rlimit::increase_nofile_limit(u64::MAX)?;
    let seconds = std::env::var("BENCH_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(10);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    println!("walkers   p50 ms   p99 ms (aim)   M deliveries/cpu s (aim)   cpu   bytes each   KiB idle");
    for crowd in CROWDS {
        LocalSet::new().block_on(&runtime, measure(crowd, Duration::from_secs(seconds)))?;
    }
    println!("aims for all: at most {BYTES_EACH} bytes each, at most {IDLE_KIB} KiB an idle connection");
    Ok(())
}

async fn measure((walkers, p99_aim, rate_aim): (usize, Duration, f64), window: Duration) -> Result<()> {
    let map = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tiny/campus.tmx");
    let relay = Relay::start(&map, &[])?;
    let tally = Rc::new(Tally::default());
    tally.sent_at.borrow_mut().resize(1 << 16, None);
    // The first few pay for what all share.
    let mut clients = crowd(&relay, 0..10, &tally).await?;
    sleep(Duration::from_secs(1)).await;
    let before = relay.resident_kib()?;
    clients.extend(crowd(&relay, 10..walkers, &tally).await?);
    sleep(Duration::from_secs(2)).await;
    let idle_kib = (relay.resident_kib()? - before) / (walkers - 10) as f64;

    let walk = tokio::task::spawn_local(walk(clients, Rc::clone(&tally)));
    sleep(Duration::from_secs(2)).await;
    tally.start();
    let (cpu, began) = (relay.cpu_seconds()?, Instant::now());
    sleep(window).await;
    let (cpu, took) = (relay.cpu_seconds()? - cpu, began.elapsed().as_secs_f64());
    walk.abort();

    let mut delays = tally.delays.borrow_mut();
    ensure!(!delays.is_empty(), "nothing was delivered");
    delays.sort_unstable();
    let quantile = |share: f64| f64::from(delays[((delays.len() - 1) as f64 * share) as usize]) / 1000.0;
    let (p50, p99, rate) = (quantile(0.5), quantile(0.99), delays.len() as f64 / cpu);
    let bytes = tally.bytes.get() as f64 / delays.len() as f64;
    let expected = (walkers * (walkers - 1)) as f64 * took;
    let verdict = |is_met: bool| if is_met { "" } else { "!" };
    println!(
        "{walkers:7}   {p50:6.2}   {p99:6.2}{:1} ({:3})   {:16.2}{:1} ({:4.1})   {:3.0} %   {bytes:9.2}{:1}   {idle_kib:7.1}{:1}   {:.1} % delivered",
        verdict(p99 <= p99_aim.as_secs_f64() * 1000.0),
        p99_aim.as_millis(),
        rate / 1e6,
        verdict(rate >= rate_aim),
        rate_aim / 1e6,
        cpu / took * 100.0,
        verdict(bytes <= BYTES_EACH),
        // A few connections share too little of what is allocated in larger pieces.
        verdict(idle_kib <= IDLE_KIB || walkers < 1000),
        delays.len() as f64 / expected * 100.0,
    );
    Ok(())
}

/// Clients that come in a few at a time: one after the other they would take so long that the first are taken for lost.
async fn crowd(relay: &Relay, who: std::ops::Range<usize>, tally: &Rc<Tally>) -> Result<Vec<Client>> {
    let mut clients = Vec::new();
    let all: Vec<usize> = who.collect();
    for few in all.chunks(50) {
        let enter = |who: &usize| tokio::task::spawn_local(Client::enter(relay.address, *who, Rc::clone(tally)));
        let entering: Vec<_> = few.iter().map(enter).collect();
        for client in entering {
            clients.push(client.await??);
        }
    }
    Ok(clients)
}

/// Every client sends one edge a second, each at its own moment.
async fn walk(clients: Vec<Client>, tally: Rc<Tally>) -> Result<()> {
    let began = Instant::now();
    let mut next = 0;
    let mut timer = interval(Duration::from_millis(1));
    timer.set_missed_tick_behavior(MissedTickBehavior::Skip);
    loop {
        timer.tick().await;
        let due = (began.elapsed().as_secs_f64() * clients.len() as f64) as usize;
        for turn in next..due {
            let client = &clients[turn % clients.len()];
            let direction = Direction::ALL[turn / clients.len() % 4];
            let edge = Edge { position: Position::new(100, 100), direction, is_moving: true };
            tally.sent_at.borrow_mut()[usize::from(client.number)] = Some(Instant::now());
            client.say(&ToRelay::Moved(edge))?;
        }
        next = due.max(next);
    }
}

#[derive(Default)]
struct Tally {
    is_counting: Cell<bool>,
    sent_at: RefCell<Vec<Option<Instant>>>,
    /// Microseconds.
    delays: RefCell<Vec<u32>>,
    bytes: Cell<u64>,
}

impl Tally {
    fn start(&self) {
        self.delays.borrow_mut().clear();
        self.bytes.set(0);
        self.is_counting.set(true);
    }

    fn take(&self, own: u16, frame: &[u8], payload: &[u8]) {
        let Some((0, entries)) = payload.split_first() else { return };
        if !self.is_counting.get() {
            return;
        }
        self.bytes.set(self.bytes.get() + frame.len() as u64);
        let (now, sent_at) = (Instant::now(), self.sent_at.borrow());
        let mut delays = self.delays.borrow_mut();
        for entry in entries.as_chunks::<{ codec::NUMBERED_EDGE_BYTES }>().0 {
            let number = u16::from_le_bytes([entry[0], entry[1]]);
            if let Some(sent_at) = sent_at[usize::from(number)].filter(|_| number != own) {
                delays.push(now.duration_since(sent_at).as_micros() as u32);
            }
        }
    }
}

struct Client {
    writer: tokio::net::tcp::OwnedWriteHalf,
    number: u16,
}

impl Client {
    /// Dials, says hello, and from then on reads in a task of its own.
    async fn enter(address: SocketAddr, who: usize, tally: Rc<Tally>) -> Result<Self> {
        let mut socket = TcpStream::connect(address).await?;
        socket.set_nodelay(true)?;
        let request = format!(
            "GET /ws HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        );
        socket.write_all(request.as_bytes()).await?;
        let (mut reader, writer) = socket.into_split();
        let mut buffer = Vec::new();
        while !buffer.windows(4).any(|end| end == b"\r\n\r\n") {
            ensure!(reader.read_buf(&mut buffer).await? > 0, "refused: {}", String::from_utf8_lossy(&buffer));
        }
        ensure!(buffer.starts_with(b"HTTP/1.1 101"), "refused: {}", String::from_utf8_lossy(&buffer));
        let end = buffer.windows(4).position(|end| end == b"\r\n\r\n").unwrap_or_default() + 4;
        buffer.drain(..end);

        let mut client = Self { writer, number: 0 };
        loop {
            while let Some((frame, payload)) = next_frame(&buffer) {
                let message = codec::decode_to_client(&buffer[payload..frame])?;
                buffer.drain(..frame);
                match message {
                    ToClient::Challenge { nonce, .. } => {
                        let mut secret = [7; 32];
                        secret[..8].copy_from_slice(&who.to_le_bytes());
                        let identity = Identity::from_secret(&secret);
                        let url = format!("ws://{address}/ws");
                        let profile = Profile {
                            name: Name::new(&format!("Walker {who}"))?,
                            status: Status::Available,
                            appearance: Appearance::default(),
                        };
                        client.say(&ToRelay::Hello(Box::new(Hello {
                            version: VERSION,
                            public_key: identity.public_key(),
                            signature: identity.sign_hello(VERSION, &url, &nonce),
                            relay_url: RelayUrl::new(&url)?,
                            profile,
                            place: None,
                            spawn: None,
                        })))?;
                    }
                    ToClient::Welcome(welcome) => {
                        client.number = welcome.number.0;
                        tokio::task::spawn_local(read(reader, buffer, client.number, tally));
                        return Ok(client);
                    }
                    other => bail!("expected a welcome, heard {other:?}"),
                }
            }
            ensure!(reader.read_buf(&mut buffer).await? > 0, "the relay hung up");
        }
    }

    /// Writes a message in a masked frame. The mask is zero: nobody but the relay listens.
    fn say(&self, message: &ToRelay) -> io::Result<()> {
        let payload = codec::encode_to_relay(message);
        let mut frame = vec![0x82];
        match payload.len() {
            length @ 0..=125 => frame.push(0x80 | length as u8),
            length => {
                frame.push(0x80 | 0x7e);
                frame.extend((length as u16).to_be_bytes());
            }
        }
        frame.extend([0; 4]);
        frame.extend(payload);
        let written = self.writer.try_write(&frame)?;
        if written == frame.len() { Ok(()) } else { Err(io::ErrorKind::WriteZero.into()) }
    }
}

/// Reads for ever, and counts.
async fn read(mut reader: tokio::net::tcp::OwnedReadHalf, mut buffer: Vec<u8>, own: u16, tally: Rc<Tally>) {
    loop {
        let mut done = 0;
        while let Some((frame, payload)) = next_frame(&buffer[done..]) {
            tally.take(own, &buffer[done..done + frame], &buffer[done + payload..done + frame]);
            done += frame;
        }
        buffer.drain(..done);
        // Pings are not answered: no crowd is measured long enough to be taken for lost by its silence alone.
        if !reader.read_buf(&mut buffer).await.is_ok_and(|bytes| bytes > 0) {
            return;
        }
    }
}

/// Where the first frame ends and where its payload begins, if it is complete.
fn next_frame(buffer: &[u8]) -> Option<(usize, usize)> {
    let (payload, length) = match buffer.get(1)? & 0x7f {
        126 => (4, usize::from(u16::from_be_bytes(buffer.get(2..4)?.try_into().ok()?))),
        127 => (10, u64::from_be_bytes(buffer.get(2..10)?.try_into().ok()?) as usize),
        length => (2, usize::from(length)),
    };
    (buffer.len() >= payload + length).then_some((payload + length, payload))
}
