//! `cargo xtask serve`: the development loop, a relay and Trunk side by side.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use anyhow::{Result, bail};

use crate::children::Running;
use crate::paths;
use crate::relay;
use crate::setup::Site;
use crate::setup::wasm::Way;
use crate::site;
use crate::step::Steps;

/// Builds the relay, then serves until Ctrl-C.
pub(crate) fn run(way: Option<Way>) -> Result<()> {
    let mut steps = Steps::new(3);
    let setup = steps.run("looking for what building takes", || Site::ensure(way))?;
    let program = steps.run("building the relay", relay::build_dev)?;
    let listen = SocketAddr::new(Ipv4Addr::LOCALHOST.into(), relay::PORT);
    let relay = steps.run("starting the relay", || relay::start(&program, listen, &[]))?;

    eprintln!("\nrelay: http://{listen} (started once: restart this after a change in relay/)");
    eprintln!(
        "page:  http://127.0.0.1:8000 (rebuilt at every change in client/ or shared/; the first build takes minutes)\n"
    );
    let mut trunk = site::trunk(&setup)?;
    // Apart from dist/, which may be served by `play` at the same time and must hold no reloading script.
    trunk.arg("serve").arg("--dist").arg(paths::scratch("serve")?).stdout(std::io::stderr());
    let trunk = Running::start(trunk)?;
    loop {
        if let Some(status) = relay.ended()? {
            bail!("the relay ended by itself ({status}); its words are above");
        }
        if let Some(status) = trunk.wait_at_most(Duration::from_millis(200))? {
            bail!("Trunk ended by itself ({status}); its words are above");
        }
    }
}
