//! Participants without a picture: each is a whole session on a real socket that walks to places of its own choice and
//! now and then says something to whoever is near.
//!
//! [`bot`] is one of them, [`chatter`] what it says; this starts as many as asked for and says how they are.

mod bot;
mod chatter;

use std::{sync::Arc, time::Duration};

use anyhow::{Context, Result, bail};
use clap::Parser;
use shared::map::Map;
use tokio::{task::LocalSet, time::Instant};

use self::bot::Bot;
use crate::native::fetch_map;

/// Between the starts of two bots: a school does not come in within one millisecond either.
const START_EVERY: Duration = Duration::from_millis(10);

/// How often is said how they are.
const REPORT_EVERY: Duration = Duration::from_secs(5);

/// Participants that walk about the map of a running relay, and chat.
#[derive(Debug, Parser)]
pub struct Args {
    /// How many participants.
    #[arg(long, default_value_t = 10)]
    count: u32,
    /// The relay's socket.
    #[arg(long, default_value = "ws://127.0.0.1:8080/ws")]
    url: String,
    /// Leave after so many seconds; without it they stay until they are stopped.
    #[arg(long)]
    seconds: Option<u64>,
    /// Seconds between two remarks of a participant to whoever is near, on average.
    #[arg(long, default_value_t = 40.0, value_name = "SECONDS", value_parser = pause)]
    remark_every: f64,
    /// Say nothing.
    #[arg(long, conflicts_with = "remark_every")]
    quiet: bool,
}

/// A pause that a relay allows: more often than once a second nobody may speak for long.
fn pause(text: &str) -> Result<f64, String> {
    let seconds = text.parse().map_err(|_| "expected a number of seconds".to_owned())?;
    if (1.0..=86_400.0).contains(&seconds) { Ok(seconds) } else { Err("expected 1 second to a day".to_owned()) }
}

/// Runs the bots until their time is over or the program is interrupted.
///
/// # Errors
/// If the relay cannot be reached at first, or none of the bots is in at the end.
pub fn run(args: &Args) -> Result<()> {
    let (map, _) = fetch_map(&args.url).with_context(|| format!("is a relay running at {}?", args.url))?;
    let map = Arc::new(map);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    LocalSet::new().block_on(&runtime, walk(args, &map))
}

async fn walk(args: &Args, map: &Arc<Map>) -> Result<()> {
    let end = args.seconds.map(|seconds| Instant::now() + Duration::from_secs(seconds));
    let over = async {
        match end {
            Some(end) => tokio::time::sleep_until(end).await,
            None => std::future::pending().await,
        }
    };
    let remark_every = (!args.quiet).then(|| Duration::from_secs_f64(args.remark_every));
    let mut bots = Vec::new();
    for number in 0..args.count {
        bots.push(Bot::start(number, args.url.clone(), Arc::clone(map), remark_every));
        tokio::time::sleep(START_EVERY).await;
    }
    let mut reports = tokio::time::interval(REPORT_EVERY);
    tokio::pin!(over);
    loop {
        tokio::select! {
            () = &mut over => break,
            _ = tokio::signal::ctrl_c() => break,
            _ = reports.tick() => report(&bots),
        }
    }
    report(&bots);
    let online = bots.iter().filter(|bot| bot.is_online()).count();
    for bot in bots {
        bot.leave().await;
    }
    if online == 0 && args.count > 0 {
        bail!("none of the {} bots was let in", args.count);
    }
    Ok(())
}

#[allow(clippy::print_stdout, reason = "what the command is for")]
fn report(bots: &[Bot]) {
    let online = bots.iter().filter(|bot| bot.is_online()).count();
    let moving = bots.iter().filter(|bot| bot.is_moving()).count();
    println!("{online} of {} online, {moving} walking", bots.len());
    if let Some(trouble) = bots.iter().find_map(Bot::trouble) {
        println!("in the way of some: {trouble}");
    }
}
