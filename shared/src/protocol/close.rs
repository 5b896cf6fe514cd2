//! The codes with which the relay closes a WebSocket (RFC 6455, section 7.4.2: 4000 to 4999 are the application's).

/// The connection was refused; [`super::ToClient::Refused`] said why.
pub const REFUSED: u16 = 4000;

/// The same person came in by a newer connection.
pub const REPLACED: u16 = 4001;

/// The client did not read what it was sent; it may come back at once.
pub const TOO_SLOW: u16 = 4002;

/// The relay stops or starts again (registered by IANA); come back a little later.
pub const RESTARTING: u16 = 1012;
