//! Who somebody is, proven by a key.
//!
//! The first visit makes an Ed25519 key pair (RFC 8032) that stays in the browser. `user_id` is a hash of the public
//! key, so it can be known to all and used by nobody else: to enter, one signs the relay's fresh nonce together with
//! the relay's URL, and a relay that passes the hello on to another is found out by that URL.

use std::{fmt, str::FromStr};

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// What every signature begins with, so that none made here means anything elsewhere.
const HELLO_TAG: &[u8] = b"virtual-classroom-inator hello\0";

/// What the hash of a public key begins with.
const USER_TAG: &[u8] = b"virtual-classroom-inator user\0";

/// A secret key, as kept in storage.
pub type SecretKey = [u8; 32];

/// A public key, as sent in the hello.
pub type PublicKey = [u8; 32];

/// The relay's challenge: fresh random bytes for each connection.
pub type Nonce = [u8; 32];

/// The two halves of an Ed25519 signature.
pub type SignatureHalves = [[u8; 32]; 2];

/// Names a person: the first half of the SHA-256 of their public key, shown as 32 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct UserId([u8; 16]);

impl UserId {
    /// The person whose public key this is.
    pub fn of(key: &PublicKey) -> Self {
        let hash = Sha256::new().chain_update(USER_TAG).chain_update(key).finalize();
        let mut half = [0; 16];
        half.copy_from_slice(&hash[..16]);
        Self(half)
    }
}

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A text that is not 32 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected 32 hexadecimal digits")]
pub struct UserIdError;

impl FromStr for UserId {
    type Err = UserIdError;

    fn from_str(text: &str) -> Result<Self, UserIdError> {
        let mut bytes = [0; 16];
        if text.len() != 32 || !text.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(UserIdError);
        }
        for (byte, digits) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            let digits = std::str::from_utf8(digits).map_err(|_| UserIdError)?;
            *byte = u8::from_str_radix(digits, 16).map_err(|_| UserIdError)?;
        }
        Ok(Self(bytes))
    }
}

/// Somebody who can prove who they are.
#[derive(Clone)]
pub struct Identity {
    key: SigningKey,
}

impl Identity {
    /// The identity of that secret key; any 32 random bytes are one.
    pub fn from_secret(secret: &SecretKey) -> Self {
        Self { key: SigningKey::from_bytes(secret) }
    }

    /// What must be kept to be the same person again.
    pub fn secret(&self) -> SecretKey {
        self.key.to_bytes()
    }

    /// What others check signatures with.
    pub fn public_key(&self) -> PublicKey {
        self.key.verifying_key().to_bytes()
    }

    /// The person this is.
    pub fn user_id(&self) -> UserId {
        UserId::of(&self.public_key())
    }

    /// Signs the hello to the relay at that URL, which sent that nonce.
    pub fn sign_hello(&self, version: u16, relay_url: &str, nonce: &Nonce) -> SignatureHalves {
        let signature = self.key.sign(&hello_bytes(version, relay_url, nonce));
        [*signature.r_bytes(), *signature.s_bytes()]
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The secret stays out of logs.
        f.debug_tuple("Identity").field(&self.user_id()).finish()
    }
}

/// Whether the owner of the key signed a hello of that version to the relay at that URL with that nonce.
///
/// Weak keys, whose signatures fit many messages, are refused too.
pub fn verify_hello(
    key: &PublicKey,
    signature: &SignatureHalves,
    version: u16,
    relay_url: &str,
    nonce: &Nonce,
) -> bool {
    let Ok(key) = VerifyingKey::from_bytes(key) else { return false };
    let signature = Signature::from_components(signature[0], signature[1]);
    key.verify_strict(&hello_bytes(version, relay_url, nonce), &signature).is_ok()
}

/// Tag, version, length of the URL, URL, nonce: every part has one place.
fn hello_bytes(version: u16, relay_url: &str, nonce: &Nonce) -> Vec<u8> {
    let length = (relay_url.len() as u32).to_le_bytes();
    [HELLO_TAG, &version.to_le_bytes(), &length, relay_url.as_bytes(), nonce].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "wss://class.example.org/ws";

    #[test]
    fn a_hello_holds_for_its_key_version_relay_and_nonce_alone() {
        let ada = Identity::from_secret(&[1; 32]);
        let bob = Identity::from_secret(&[2; 32]);
        let nonce = [7; 32];
        let signature = ada.sign_hello(3, URL, &nonce);
        let holds = |key: &PublicKey, version: u16, url: &str, nonce: &Nonce| {
            verify_hello(key, &signature, version, url, nonce)
        };
        assert!(holds(&ada.public_key(), 3, URL, &nonce));
        assert!(!holds(&bob.public_key(), 3, URL, &nonce));
        assert!(!holds(&ada.public_key(), 4, URL, &nonce));
        assert!(!holds(&ada.public_key(), 3, "wss://evil.example.org/ws", &nonce));
        assert!(!holds(&ada.public_key(), 3, URL, &[8; 32]));
        assert!(!holds(&[0; 32], 3, URL, &nonce), "a weak key");
    }

    #[test]
    fn a_user_id_is_read_back_as_shown() {
        let id = Identity::from_secret(&[1; 32]).user_id();
        assert_eq!(id.to_string().parse(), Ok(id));
        for wrong in ["", "zz", &"g".repeat(32), &"é".repeat(16), &"+a".repeat(16)] {
            assert_eq!(wrong.parse::<UserId>(), Err(UserIdError), "{wrong}");
        }
    }
}
