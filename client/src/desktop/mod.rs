//! The native window, for development: the same world and the same relay as in the browser, without calls.
//!
//! [`shell`] does what the session asks for, [`socket`] talks to the relay on a thread of its own, [`storage`] keeps
//! who one is, and [`panel`] shows in a corner what the page shows in its panels.

mod panel;
mod shell;
mod socket;
mod storage;

use std::{cell::Cell, rc::Rc, sync::Arc};

use bevy::prelude::*;
use clap::Parser;
use shared::{
    map::{Map, MapFiles},
    profile::{Appearance, Name as PersonName, NameError, Profile, Status},
    protocol::Label,
};

use self::{
    shell::{Inbox, Native},
    storage::Storage,
};
use crate::{
    classroom::Classroom,
    media::Calls,
    native::{FetchError, fetch_map},
    session::{self, Input, Session},
    world::{self, Art, ArtError, Controls},
};

/// The layers of avatars; a page gets them from its site.
const AVATARS: &[u8] = include_bytes!("../../../assets/avatars.png");
/// What people show over their heads.
const EMOTES: &[u8] = include_bytes!("../../../assets/emotes.png");

/// A classroom in a native window.
#[derive(Debug, Parser)]
struct Args {
    /// The relay to enter.
    #[arg(long, env = "CLASSROOM_RELAY", default_value = "ws://127.0.0.1:8080/ws")]
    relay: String,
    /// What one is called; by default as last time.
    #[arg(long)]
    name: Option<String>,
    /// The spawn point to begin at; by default one's last place.
    #[arg(long)]
    spawn: Option<String>,
    /// Be somebody new, and forget it afterwards.
    #[arg(long)]
    fresh: bool,
}

/// Why there is no window.
#[derive(Debug, thiserror::Error)]
enum StartError {
    #[error(transparent)]
    Fetch(#[from] FetchError),
    #[error("cannot draw the relay's map: {0}")]
    Art(#[from] ArtError),
    #[error("cannot use --name: {0}")]
    Name(#[from] NameError),
    #[error("{0} is not the name of a spawn point")]
    Spawn(String),
    #[error("cannot start the thread of the socket: {0}")]
    Thread(#[from] std::io::Error),
}

/// Runs until the window is closed.
pub fn run() {
    if let Err(error) = try_to_run(Args::parse()) {
        eprintln!("{error}");
        std::process::exit(1);
    }
}

fn try_to_run(args: Args) -> Result<(), StartError> {
    let storage = if args.fresh { Storage::forgetful() } else { Storage::open() };
    let profile = profile(&storage, args.name.as_deref())?;
    let spawn = args.spawn.map(|spawn| Label::new(&spawn).map_err(|_| StartError::Spawn(spawn))).transpose()?;
    let (map, files) = fetch_map(&args.relay)?;
    let art = Art { tilesets: tilesets(&map, &files), avatars: AVATARS.to_vec(), emotes: EMOTES.to_vec() };
    let map = Arc::new(map);

    let controls = Controls::default();
    let setup = session::Setup {
        calls: Calls::Off,
        identity: storage.identity(),
        relay_url: args.relay.clone(),
        memory: storage.memory(),
        seed: rand::random(),
        unix_ms: crate::native::unix_ms(),
    };
    let (shell, inbox) = Native::start(args.relay, storage, controls.clone())?;
    let classroom = Classroom::new(Session::new(setup), Box::new(shell));
    classroom.tell(Input::MapLoaded(Arc::clone(&map)));
    classroom.tell(Input::Enter { profile, spawn });

    let frames = Rc::new(Cell::default());
    let setup = world::Setup { classroom, map, art, name_tags: None, lens: None, frames: Rc::clone(&frames), controls };
    let mut app = world::build(setup)?;
    app.insert_non_send(inbox).add_systems(PreUpdate, read_inbox);
    app.add_plugins(panel::plugin).insert_non_send(panel::Shown(frames));
    app.run();
    Ok(())
}

fn profile(storage: &Storage, name: Option<&str>) -> Result<Profile, NameError> {
    let kept = storage.memory().profile;
    let look = || Appearance::from_number(rand::random());
    let name = match (name, &kept) {
        (Some(name), _) => PersonName::new(name)?,
        (None, Some(kept)) => kept.name.clone(),
        (None, None) => PersonName::new("Desktop")?,
    };
    let appearance = kept.map_or_else(look, |kept| kept.appearance);
    Ok(Profile { name, status: Status::Available, appearance })
}

fn tilesets(map: &Map, files: &MapFiles) -> Vec<Vec<u8>> {
    // A picture that is missing is an error of the world, which says which.
    map.drawing.tilesets.iter().map(|tileset| files.get(&tileset.image).cloned().unwrap_or_default()).collect()
}

fn read_inbox(inbox: NonSend<Inbox>, classroom: NonSend<Classroom>) {
    while let Some(input) = inbox.next() {
        classroom.tell(input);
    }
}
