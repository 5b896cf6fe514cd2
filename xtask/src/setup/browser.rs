//! Chromium, the fonts it writes names with, what draws without a screen and a graphics card, and networks to call in.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::exec;
use crate::setup::apt;
use crate::step::say;

/// Names under which Chromium and its relatives are on PATH.
const NAMES: &[&str] = &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// Where macOS keeps applications; they are not on PATH.
const APPLICATIONS: &[&str] = &[
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/// So that names in any script, and emoji, are drawn and not boxes.
const FONTS: &[&str] = &["fonts-noto-color-emoji", "fonts-noto-core", "fonts-droid-fallback"];

/// The desktop client in a screen that is not there, drawn by the processor: a server for X11, software drivers, and
/// the libraries the client opens when it starts.
const DESKTOP: &[&str] = &[
    "xvfb",
    "libgl1-mesa-dri",
    "mesa-vulkan-drivers",
    "libvulkan1",
    "libx11-xcb1",
    "libxcursor1",
    "libxi6",
    "libxrandr2",
    "libxkbcommon-x11-0",
];

/// What calls are tried with: a TURN server, and what makes networks for two browsers.
const NETWORK: &[&str] = &[TURN_SERVER, "iproute2"];
const TURN_SERVER: &str = "coturn";

/// Finds or installs Chromium, and on Debian what else drawing and calling take.
///
/// # Errors
/// If it is missing and cannot be installed; the message says what to do.
pub(super) fn ensure() -> Result<PathBuf> {
    let found = find()?;
    if apt::is_there() {
        let mut packages = apt::missing(FONTS);
        packages.extend(apt::missing(DESKTOP));
        packages.extend(apt::missing(NETWORK));
        if found.is_none() {
            packages.push("chromium");
        }
        if !packages.is_empty() {
            apt::install(&packages, "Chromium, its fonts, software drawing, and networks")?;
            if packages.contains(&TURN_SERVER) {
                keep_quiet(TURN_SERVER);
            }
        }
    }
    let found = match found {
        Some(found) => Some(found),
        None => find()?,
    };
    if let Some(chromium) = found {
        say(format_args!("browser: {}", chromium.display()));
        return Ok(chromium);
    }
    bail!("expected Chromium on PATH ({}); please install it, or name it in CHROMIUM", NAMES.join(", "));
}

/// Debian starts services as it installs them, and again with the machine: tests want the program alone.
fn keep_quiet(service: &str) {
    if which::which("systemctl").is_ok() {
        let mut disable = exec::program("systemctl");
        disable.args(["disable", "--now", service]);
        // Where systemd is installed but does not run, nothing was started.
        let _ = exec::read(disable);
    }
}

fn find() -> Result<Option<PathBuf>> {
    if let Some(named) = env::var_os("CHROMIUM") {
        let named = PathBuf::from(named);
        if !works(&named) {
            bail!("CHROMIUM names {}, but `{0} --version` does not answer", named.display());
        }
        return Ok(Some(named));
    }
    let on_path = NAMES.iter().filter_map(|name| which::which(name).ok());
    let applications = APPLICATIONS.iter().map(|path| Path::new(path).to_path_buf()).filter(|path| path.exists());
    Ok(on_path.chain(applications).find(|path| works(path)))
}

/// Some systems have a script of that name that only asks to install something else.
fn works(chromium: &Path) -> bool {
    let mut ask = exec::program(chromium);
    ask.arg("--version");
    exec::read(ask).is_ok()
}
