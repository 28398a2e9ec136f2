//! JSON Web Keys as this crate writes them.

use serde::Serialize;

use super::Material;
use crate::encode;

/// What is said about a key besides its parameters.
#[derive(Clone, Copy, Default, Serialize)]
pub(crate) struct Labels<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) kid: Option<&'a str>,
    #[serde(rename = "use", skip_serializing_if = "Option::is_none")]
    pub(crate) purpose: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) alg: Option<&'static str>,
}

/// A public JSON Web Key.
#[derive(Serialize)]
pub(crate) struct Published<'a> {
    kty: &'static str,
    #[serde(flatten)]
    labels: Labels<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    crv: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    n: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    e: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    x: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    y: Option<String>,
}

impl Material {
    pub(crate) fn published<'a>(&self, labels: Labels<'a>) -> Published<'a> {
        let bare = Published { kty: "", labels, crv: None, n: None, e: None, x: None, y: None };
        match self {
            Self::Rsa { n, e } => Published { kty: "RSA", n: Some(encode(n)), e: Some(encode(e)), ..bare },
            Self::P256 { x, y } => {
                Published { kty: "EC", crv: Some("P-256"), x: Some(encode(x)), y: Some(encode(y)), ..bare }
            }
            Self::Ed25519 { x } => Published { kty: "OKP", crv: Some("Ed25519"), x: Some(encode(x)), ..bare },
        }
    }
}
