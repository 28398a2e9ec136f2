//! The rules of a pool's names and settings.

use super::{AUDIT_AT_LEAST, Lifetimes, Origin, OriginError, PoolSettings};
use crate::{
    field::{self, Fault, Faults, FieldPath},
    user::{Email, Username},
};

impl Origin {
    /// Reads an origin in its one spelling: an issuer is compared character by character (OpenID Connect Discovery
    /// §4.3), so that what a tenant declares has to be what applications will see.
    ///
    /// # Errors
    /// A [`Fault`] that says what an origin is.
    pub fn parse_exact(text: &str) -> Result<Self, Fault> {
        let fault = |cause: &str, hint: String| {
            Fault::new(cause)
                .expected("https://host or https://host:port (http only for localhost and loopback)")
                .found(format!("{text:?}"))
                .hint(hint)
        };
        let more = "more or other than an origin";
        match Self::parse(text) {
            Ok(origin) if origin.as_str() == text => Ok(origin),
            Ok(origin) => Err(fault(more, format!("write \"{origin}\""))),
            Err(OriginError::NotAnOrigin) => {
                Err(fault(more, "remove the path, query, fragment or user name".to_owned()))
            }
            Err(OriginError::NotSecure) => Err(fault("an unprotected origin", "use https".to_owned())),
            Err(OriginError::NotAUrl) => {
                Err(fault("not an origin", "write the address people see in the browser".to_owned()))
            }
        }
    }
}

impl PoolSettings {
    /// Everything that is wrong with these settings, as far as nobody has to be asked which factors, languages and
    /// texts there are; places are below `at`, by the names of the pool file.
    pub fn check(&self, at: &FieldPath, faults: &mut Faults) {
        faults.judge(&at.key("locale"), field::locale(&self.locale));
        let branding = at.key("branding");
        if let Some(accent) = &self.accent {
            faults.judge(&branding.key("accent"), field::color(accent));
        }
        if let Some(address) = &self.support_email {
            faults.judge(&branding.key("support_email"), Email::check(address));
        }
        if let Some(group) = &self.admin_group {
            faults.judge(&at.key("admin_group"), field::name(group));
        }
        for (index, name) in self.reserved_usernames.iter().enumerate() {
            faults.judge(&at.key("reserved_usernames").index(index), Username::check(name));
        }
        self.mfa.check(&at.key("mfa"), faults);
        let stuck = self.enrolment.experimental && self.support_email.is_none();
        faults.require(!stuck, &at.key("enrolment").key("experimental"), || {
            Fault::new("an experimental feature without anybody to turn to")
                .expected("support_email in [pool.branding]")
                .hint("add the address that users write to when they are stuck")
        });
        for (kind, settings) in &self.factors {
            let at = at.key("factor").key(kind.as_str());
            faults.judge(&at, kind.check());
            faults.require(settings.is_object(), &at, || {
                Fault::new("the settings of a factor are a table")
                    .expected(format!("[pool.factor.{kind}] with keys of its own"))
                    .found(settings.to_string())
                    .hint("make it a table, or remove it")
            });
        }
        let texts = at.key("texts");
        for (tag, own) in &self.texts {
            let at = texts.key(tag);
            faults.judge(&at, field::locale(tag));
            for (key, text) in own {
                faults.judge(&at.key(key), field::text(text));
            }
        }
        crate::api::check(&self.apis, &at.key("api"), faults);
        self.client_registration.check(&self.apis, &at.key("client_registration"), faults);
        self.mutual_tls.check(&at.key("mutual_tls"), faults);
        super::trusted::check(&self.trusted_issuers, &self.apis, &at.key("trusted_issuer"), faults);
        let api_scopes: Vec<&str> =
            self.apis.iter().flat_map(|api| &api.scopes).map(String::as_str).collect();
        crate::attribute::check(&self.attributes, &api_scopes, &at.key("attribute"), faults);
        self.lifetimes.check(&at.key("lifetimes"), faults);
    }
}

impl Lifetimes {
    fn check(&self, at: &FieldPath, faults: &mut Faults) {
        for (key, seconds) in [
            ("session_idle", self.session_idle),
            ("session_absolute", self.session_absolute),
            ("second_factor", self.second_factor),
            ("code", self.code),
            ("access_token", self.access_token),
            ("id_token", self.id_token),
            ("refresh_idle", self.refresh_idle),
            ("refresh_absolute", self.refresh_absolute),
            ("flow", self.flow),
            ("mail_link", self.mail_link),
            ("fresh", self.fresh),
        ] {
            faults.judge(&at.key(key), field::range(seconds, 1, u32::MAX.into()));
        }
        faults.judge(&at.key("audit"), field::range(self.audit, AUDIT_AT_LEAST, u32::MAX.into()));
    }
}
