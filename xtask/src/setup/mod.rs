//! What a machine needs to build, run and test the classroom. It is looked for first, and only what is missing is
//! installed; what is done is said.
//!
//! `wasm` has the compiler for the browser and `tools` Trunk and wasm-bindgen: together they are [`Site`]. `browser`
//! has Chromium, fonts, what draws without a graphics card and what calls are tried with, `npm` Node and the driver,
//! `python` a WebRTC that is not ours: together [`Browser`].
//! `components` has cargo's formatter and linter. `apt` installs Debian's packages, where there is an apt and the right
//! to use it.
//!
//! Native builds need nothing beyond Rust and its C linker: the client's desktop build finds X11 and Vulkan when it
//! runs, so their libraries are the business of `browser`.

mod apt;
mod browser;
pub(crate) mod components;
mod npm;
mod python;
pub(crate) mod tools;
pub(crate) mod wasm;

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::paths;
use crate::setup::wasm::{WasmToolchain, Way};

/// What compiles for the browser.
pub(crate) struct Compiler {
    pub toolchain: WasmToolchain,
    path: PathBuf,
}

impl Compiler {
    /// Looks for it and installs it if it is missing.
    ///
    /// # Errors
    /// If it cannot be installed; the message says what to do.
    pub(crate) fn ensure(way: Option<Way>) -> Result<Self> {
        Self::with("compiler", wasm::ensure(way)?, None)
    }

    /// The toolchain, and perhaps another program, in a folder of that name.
    ///
    /// One folder with exactly the programs that were chosen, to be first on PATH: folders they lie in may hold others
    /// of the same names (Debian's cargo beside a wrong wasm-bindgen, or the other way round).
    fn with(folder: &str, toolchain: WasmToolchain, other: Option<(&str, &PathBuf)>) -> Result<Self> {
        let path = paths::scratch(folder)?;
        let chosen = toolchain.programs.iter().map(|(name, program)| (*name, program));
        tools::link_all(&path, &chosen.chain(other).collect::<Vec<_>>())?;
        Ok(Self { toolchain, path })
    }

    /// Prepares `command`, and whatever it starts, to build for the browser.
    ///
    /// # Errors
    /// If PATH cannot be extended.
    pub(crate) fn apply(&self, command: &mut Command) -> Result<()> {
        self.toolchain.apply(command);
        tools::put_first_on_path(command, &self.path)
    }
}

/// What builds the site.
pub(crate) struct Site {
    pub compiler: Compiler,
    pub trunk: PathBuf,
}

impl Site {
    /// Looks for everything that builds the site and installs what is missing.
    ///
    /// # Errors
    /// If something is missing and cannot be installed; the message says what to do.
    pub(crate) fn ensure(way: Option<Way>) -> Result<Self> {
        Self::around(wasm::ensure(way)?)
    }

    /// Looks for what is needed besides the toolchain, and installs what is missing.
    ///
    /// # Errors
    /// If something is missing and cannot be installed; the message says what to do.
    pub(crate) fn around(toolchain: WasmToolchain) -> Result<Self> {
        let wasm_bindgen = tools::wasm_bindgen()?;
        let trunk = tools::trunk()?;
        let compiler = Compiler::with("bin", toolchain, Some(("wasm-bindgen", &wasm_bindgen)))?;
        Ok(Self { compiler, trunk })
    }
}

/// What tests the product in a real browser.
pub(crate) struct Browser {
    pub chromium: PathBuf,
    pub node: PathBuf,
    pub matchbox_server: PathBuf,
    /// A Python that has aiortc.
    pub aiortc: PathBuf,
}

impl Browser {
    /// Looks for everything the browser tests need and installs what is missing.
    ///
    /// # Errors
    /// If something is missing and cannot be installed; the message says what to do.
    pub(crate) fn ensure() -> Result<Self> {
        let chromium = browser::ensure()?;
        let node = npm::ensure()?;
        let matchbox_server = tools::matchbox_server()?;
        let aiortc = python::ensure()?;
        Ok(Self { chromium, node, matchbox_server, aiortc })
    }
}
