//! Takes the names of functions out of the module: they are a quarter of what is downloaded and only shown in stack
//! traces of the browser. Panics still say file and line.
//!
//! wasm-bindgen would do it with `--remove-name-section`, but Trunk cannot pass that on, and the profile's `strip` would
//! take along the section that says which features of WebAssembly are in use.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

/// What every module begins with: the magic number and version 1.
const HEADER: &[u8; 8] = b"\0asm\x01\0\0\0";

/// Takes the names out of every module in the folder.
///
/// # Errors
/// If one cannot be read or written, or is no module.
pub(crate) fn remove(folder: &Path) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "wasm") {
            let module = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            let without = without_names(&module).with_context(|| format!("{} is no module", path.display()))?;
            fs::write(&path, without).with_context(|| format!("cannot write {}", path.display()))?;
        }
    }
    Ok(())
}

/// The module without its custom section `name` (WebAssembly core specification, appendix 7.4).
fn without_names(module: &[u8]) -> Result<Vec<u8>> {
    let mut rest = module.strip_prefix(HEADER).context("expected a module of version 1")?;
    let mut kept = HEADER.to_vec();
    while let Some((&id, after_id)) = rest.split_first() {
        let (size, contents) = number(after_id)?;
        ensure!(size <= contents.len(), "a section reaches past the end");
        let (section, next) = contents.split_at(size);
        let whole = &rest[..rest.len() - next.len()];
        // Custom sections have number 0 and begin with their name.
        let is_names = id == 0 && number(section).is_ok_and(|(length, text)| text.get(..length) == Some(b"name"));
        if !is_names {
            kept.extend_from_slice(whole);
        }
        rest = next;
    }
    Ok(kept)
}

/// A number as LEB128, at most 32 bits, and what follows it.
fn number(bytes: &[u8]) -> Result<(usize, &[u8])> {
    let mut value = 0_usize;
    for (index, byte) in bytes.iter().enumerate().take(5) {
        value |= usize::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            return Ok((value, &bytes[index + 1..]));
        }
    }
    anyhow::bail!("expected a number")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(id: u8, name: &str, contents: &[u8]) -> Vec<u8> {
        let mut body = vec![name.len() as u8];
        body.extend_from_slice(name.as_bytes());
        body.extend_from_slice(contents);
        // Longer than needed, as linkers write sizes they fill in later.
        [vec![id, body.len() as u8 | 0x80, 0x80, 0], body].concat()
    }

    #[test]
    fn names_go_and_all_else_stays() {
        let [code, names, features] =
            [section(10, "name", &[1, 2]), section(0, "name", &[3; 90]), section(0, "target_features", &[4])];
        let module = [&HEADER[..], &code, &names, &features].concat();
        let without = without_names(&module).expect("a module");
        assert_eq!(without, [&HEADER[..], &code, &features].concat());
        assert_eq!(without_names(&without).expect("a module"), without);
    }

    #[test]
    fn what_is_no_module_is_left_alone() {
        for bytes in [&b""[..], b"<html>", b"\0asm\x01\0\0\0\x01\x05\x00", b"\0asm\x01\0\0\0\x00\xff\xff\xff\xff\xff"] {
            assert!(without_names(bytes).is_err(), "{bytes:?}");
        }
    }
}
