//! Scripts of e2e/browser, and what they are told: where site, relay, bots and browser are. Each script starts its own
//! relay on a free port, so that nothing here depends on what else runs on the machine.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::bots;
use crate::exec;
use crate::paths;
use crate::relay;
use crate::setup::wasm::Way;
use crate::setup::{Browser, Site};
use crate::site::{self, Quality};
use crate::step::Steps;

/// The product, built, and a browser to try it in.
pub(crate) struct Stage {
    pub browser: Browser,
    pub relay: PathBuf,
    pub bots: PathBuf,
    /// Built with the Rust tests, as are the next two.
    pub desktop: PathBuf,
    pub matchbox_peer: PathBuf,
    pub room_joiner: PathBuf,
}

impl Stage {
    /// Looks for everything and builds everything a script may ask for, in five steps.
    ///
    /// # Errors
    /// If something is missing or does not compile.
    pub(crate) fn from_nothing(steps: &mut Steps, way: Option<Way>) -> Result<Self> {
        let setup = steps.run("looking for what building takes", || Site::ensure(way))?;
        steps.run("building the site", || site::build(&setup, Quality::Release))?;
        let browser = steps.run("looking for a browser", Browser::ensure)?;
        let relay = steps.run("building the relay", relay::build)?;
        let bots = steps.run("building the bots", bots::build)?;
        Ok(Self { relay, bots, ..Self::of_tests(browser)? })
    }

    /// With relay and bots as Rust tests build them: that takes no time, and they assert more than those that are
    /// hosted.
    ///
    /// # Errors
    /// If cargo cannot read the workspace.
    pub(crate) fn of_tests(browser: Browser) -> Result<Self> {
        let target = paths::target()?;
        let [relay, bots, desktop, matchbox_peer, room_joiner] =
            ["relay", "bots", "client", "matchbox_peer", "room_joiner"].map(|name| target.join("debug").join(name));
        Ok(Self { browser, relay, bots, desktop, matchbox_peer, room_joiner })
    }

    /// Node with these arguments, in e2e/browser.
    pub(crate) fn node<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Command {
        let mut node = exec::program(&self.browser.node);
        node.current_dir(paths::root().join("e2e/browser"))
            .args(arguments)
            .env("CLASSROOM_SITE", paths::dist())
            .env("CLASSROOM_MAP", paths::map())
            .env("CLASSROOM_RELAY", &self.relay)
            .env("CLASSROOM_BOTS", &self.bots)
            .env("CLASSROOM_DESKTOP", &self.desktop)
            .env("CLASSROOM_MATCHBOX_PEER", &self.matchbox_peer)
            .env("CLASSROOM_MATCHBOX_SERVER", &self.browser.matchbox_server)
            .env("CLASSROOM_ROOM_JOINER", &self.room_joiner)
            .env("CLASSROOM_AIORTC", &self.browser.aiortc)
            .env("CLASSROOM_PICTURES", paths::root().join("docs/pictures"))
            .env("CHROMIUM", &self.browser.chromium);
        node
    }
}
