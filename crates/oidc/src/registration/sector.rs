//! The list of the addresses of a sector (OpenID Connect Registration §5).

/// Why an application does not belong to the sector that it names.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SectorFault {
    /// What stands there is no such list.
    #[error("what stands at the sector_identifier_uri is not a JSON list of addresses")]
    NotAList,
    /// It names others, and not this one.
    #[error("the list at the sector_identifier_uri lacks {0:?}")]
    Lacks(String),
}

/// Checks that the list has every redirect URI of the application, character for character.
///
/// # Errors
/// [`SectorFault`].
pub fn in_sector(list: &[u8], redirect_uris: &[String]) -> Result<(), SectorFault> {
    let known: Vec<String> = serde_json::from_slice(list).map_err(|_| SectorFault::NotAList)?;
    let missing = redirect_uris.iter().find(|uri| !known.contains(uri));
    missing.map_or(Ok(()), |uri| Err(SectorFault::Lacks(uri.clone())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_stands_in_the_list() {
        let uris = ["https://a.example/x".to_owned(), "https://b.example/y".to_owned()];
        let whole = br#"["https://b.example/y","https://c.example/z","https://a.example/x"]"#;
        assert_eq!(in_sector(whole, &uris), Ok(()));
        assert_eq!(in_sector(br#"["https://a.example/x"]"#, &uris), Err(SectorFault::Lacks(uris[1].clone())));
        let near = br#"["https://a.example/x/","https://b.example/y"]"#;
        assert_eq!(in_sector(near, &uris), Err(SectorFault::Lacks(uris[0].clone())));
        for bad in ["", "{}", r#""https://a.example/x""#, "[1]", r#"["https://a.example/x",null]"#, "[] []"] {
            assert_eq!(in_sector(bad.as_bytes(), &uris), Err(SectorFault::NotAList), "{bad}");
        }
    }
}
