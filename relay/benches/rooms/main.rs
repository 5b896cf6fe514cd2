//! What the call of a room costs, and how long a packet is under way: the relay as it is hosted, as a process of its
//! own, with bots that send and receive encrypted media over UDP. Run by `cargo xtask bench rooms`.
//!
//! [`media`] is what they send, [`bot`] one of them, [`control`] their `WebSocket`s, [`load`] drives them all in one
//! thread, [`report`] counts. Two loads: a class of 30 with all cameras on, and a lecture before 150. Each is measured at
//! the pace of life, and then at the pace that takes half of a core, up or down. Packets are counted where they arrive.
//! `BENCH_SECONDS` changes how long each is measured, `BENCH_ROOM=class` or `lecture` takes one of them alone,
//! `BENCH_PEOPLE` other numbers of people. Where the machine has other things to do, threads wait for the processor: only
//! while that is little are delays the relay's.

#![allow(clippy::print_stdout, reason = "a table is what this program makes")]

mod bot;
mod control;
mod hall;
mod load;
mod media;
#[path = "../common/process.rs"]
mod process;
mod report;

use std::{
    mem,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use shared::protocol::{
    link::{PictureSize, Shares},
    room::{CAMERA_SLOTS, Look},
};

use self::{
    load::Load,
    process::{Relay, Turns},
    report::{Cpu, Figures},
};

/// What is aimed for: a class takes at most half of a core, and the slowest hundredth of packets so many milliseconds.
const AIMS: &str = "aims: a class takes at most 50 % of a core; p99 at most 5 ms at half of a core";

/// Pace at which half of a core is taken, at most: bots have but one core.
const PACE_AT_MOST: f64 = 4.0;

/// From a change of pace until it is measured.
const SETTLE: Duration = Duration::from_secs(3);

/// From everybody's connection until all is sent that is looked at and nothing else: estimates of lines grow, and what
/// nobody looks at ends after five seconds.
const WARM_UP: Duration = Duration::from_secs(6);

/// The first few pay for what all share.
const FIRST: usize = 2;

/// Who is in a room.
#[derive(Clone, Copy)]
enum Scene {
    /// Everybody's camera and microphone, one screen; everybody sees nine cameras in small.
    Class(usize),
    /// One camera, in large, one screen and one voice, to so many.
    Lecture(usize),
}

fn main() -> Result<()> {
    rlimit::increase_nofile_limit(u64::MAX)?;
    let seconds = std::env::var("BENCH_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(10);
    println!("{}", Figures::HEAD);
    let mut notes = Vec::new();
    let wanted = std::env::var("BENCH_ROOM").unwrap_or_default();
    let people = |usual| std::env::var("BENCH_PEOPLE").ok().and_then(|text| text.parse().ok()).unwrap_or(usual);
    let scenes = [Scene::Class(people(30).max(FIRST)), Scene::Lecture(people(150).max(FIRST))];
    for scene in scenes.into_iter().filter(|scene| scene.name().starts_with(&wanted)) {
        notes.push(measure(scene, Duration::from_secs(seconds))?);
    }
    println!("\n{}\n{AIMS}", notes.join("\n"));
    Ok(())
}

/// Prints a scene's rows, and gives what else is to be said of it.
fn measure(scene: Scene, window: Duration) -> Result<String> {
    let relay = Relay::start(&hall::build()?, &["--media-listen", "127.0.0.1:0"])?;
    let mut load = Load::new(relay.address, scene.speakers())?;
    scene.add(&mut load, 0..FIRST)?;
    load.settle()?;
    load.run(SETTLE)?;
    let before_kib = relay.resident_kib()?;
    scene.add(&mut load, FIRST..scene.people())?;
    load.settle()?;
    scene.look(&mut load)?;
    load.run(WARM_UP)?;
    let is_large = matches!(scene, Scene::Lecture(_));
    let settled = |load: &Load| load.bots.iter().filter(|bot| bot.is_settled(is_large)).count();
    load.run_until(|load| settled(load) == load.bots.len())?;
    let settled = settled(&load);

    let figures = window_of(&relay, &mut load, window)?;
    println!("{}", figures.row(&scene.name(), 1.0));
    let kib = (relay.resident_kib()? - before_kib) / (scene.people() - FIRST) as f64;

    let pace = (0.5 / figures.cpu.thread).min(PACE_AT_MOST);
    load.set_pace(pace);
    load.run(SETTLE)?;
    let half = window_of(&relay, &mut load, window)?;
    println!("{}", half.row(&format!("{} at half of a core", scene.name()), pace));
    let (name, people, sources) = (scene.name(), scene.people(), figures.sources());
    Ok(format!("{name}: {kib:.0} KiB a participant; {settled} of {people} got all they looked at; {sources}"))
}

fn window_of(relay: &Relay, load: &mut Load, window: Duration) -> Result<Figures> {
    let cpu = || -> Result<Cpu> {
        let (thread, bots) = (relay.thread("sfu")?, Turns::own()?);
        let waited = thread.waited_seconds + bots.waited_seconds;
        Ok(Cpu { thread: thread.ran_seconds, relay: relay.cpu_seconds()?, bots: bots.ran_seconds, waited })
    };
    mem::take(&mut load.tally);
    let (before, began) = (cpu()?, Instant::now());
    load.run(window)?;
    let (used, took) = (cpu()?.since(before), began.elapsed());
    Figures::new(mem::take(&mut load.tally), used, took)
}

impl Scene {
    fn name(self) -> String {
        match self {
            Self::Class(people) => format!("class of {people}"),
            Self::Lecture(listeners) => format!("lecture before {listeners}"),
        }
    }

    const fn people(self) -> usize {
        match self {
            Self::Class(people) => people,
            Self::Lecture(listeners) => listeners + 1,
        }
    }

    const fn speakers(self) -> usize {
        match self {
            Self::Class(_) => 3,
            Self::Lecture(_) => 0,
        }
    }

    /// Brings in these; the first stands at the podium.
    fn add(self, load: &mut Load, who: std::ops::Range<usize>) -> Result<()> {
        for index in who {
            let is_first = index == 0;
            let shares = match self {
                Self::Class(_) => Shares { microphone: true, camera: true, screen: is_first, screen_sound: false },
                Self::Lecture(_) => {
                    Shares { microphone: is_first, camera: is_first, screen: is_first, screen_sound: false }
                }
            };
            load.add(if is_first { hall::PODIUM } else { hall::SEAT }, shares)?;
        }
        Ok(())
    }

    /// Everybody looks at the screen and at cameras.
    fn look(self, load: &mut Load) -> Result<()> {
        let numbers: Option<Vec<_>> = load.bots.iter().map(|bot| bot.number).collect();
        let numbers = numbers.context("somebody has no number")?;
        for who in 0..numbers.len() {
            let screen = (who > 0).then_some(Look::Screen);
            let cameras: Vec<_> = match self {
                Self::Class(people) => (1..people.min(CAMERA_SLOTS + 1))
                    .map(|next| Look::Camera(numbers[(who + next) % people], PictureSize::Tile))
                    .collect(),
                Self::Lecture(_) if who > 0 => vec![Look::Camera(numbers[0], PictureSize::Large)],
                Self::Lecture(_) => Vec::new(),
            };
            load.look(who, screen.into_iter().chain(cameras).collect());
        }
        Ok(())
    }
}
