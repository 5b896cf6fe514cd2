//! The client's program, in the browser and on the desktop.

fn main() {
    #[cfg(target_arch = "wasm32")]
    client::browser::run();
    #[cfg(all(feature = "world", not(target_arch = "wasm32")))]
    client::desktop::run();
}
