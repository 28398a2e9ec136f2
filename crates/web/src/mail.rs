//! Mails, rendered by `pages`.

use crate::paths;
use std::sync::Arc;
use vestibule_domain::{Origin, Pool};
use vestibule_flows::{Letter, MailRenderer, Notice, Rendered};
use vestibule_pages::{Arg, Locale, Mail, MailFrame, Pages};

/// Renders letters with the mail templates.
pub struct PagesMail(pub Arc<Pages>);

impl MailRenderer for PagesMail {
    fn render(&self, pool: &Pool, letter: &Letter) -> Result<Rendered, String> {
        let wished = letter.locale.as_deref().and_then(Locale::parse);
        let locale = wished.or_else(|| Locale::parse(&pool.settings.locale)).unwrap_or_default();
        let frame = MailFrame {
            locale,
            pool_name: pool.name.clone(),
            support_email: pool.settings.support_email.clone(),
            account: letter.account.clone(),
            at: letter.at.as_seconds(),
            account_url: Some(pool.origin.url(paths::SECURITY)),
            texts: Arc::new(pool.settings.texts.clone()),
        };
        let mail = self
            .0
            .render_mail(&frame, &content(&pool.origin, locale, &letter.notice))
            .map_err(|error| error.to_string())?;
        Ok(Rendered { subject: mail.subject, text: mail.text, html: mail.html })
    }
}

fn content(origin: &Origin, locale: Locale, notice: &Notice) -> Mail {
    let minutes_of = |minutes: &i64| u32::try_from(*minutes).unwrap_or(0);
    let title = |kind: &vestibule_domain::FactorKind| format!("factor-{kind}");
    match notice {
        Notice::VerifyRegistration { token, minutes } => Mail::VerifyRegistration {
            link: paths::register_complete(origin, token, locale.tag()),
            minutes: minutes_of(minutes),
        },
        Notice::AlreadyRegistered { can_reset } => Mail::AlreadyRegistered {
            login_link: origin.url(paths::ACCOUNT),
            reset_link: can_reset.then(|| origin.url(paths::RESET)),
        },
        Notice::AddressCode { code, minutes } => {
            let code = code.split_at_checked(4).map_or_else(|| code.clone(), |(a, b)| format!("{a} {b}"));
            Mail::AddressCode { code, minutes: minutes_of(minutes) }
        }
        Notice::AddressInUse => Mail::AddressInUse,
        Notice::AccountDeleted => Mail::AccountDeleted,
        Notice::AddressChanged { undo } => Mail::AddressChanged {
            undo: undo.as_ref().map(|(token, days)| {
                (paths::address_undo(origin, token, locale.tag()), u32::try_from(*days).unwrap_or(0))
            }),
        },
        Notice::PasswordReset { token, minutes } => Mail::PasswordReset {
            link: paths::reset_complete(origin, token, locale.tag()),
            minutes: minutes_of(minutes),
        },
        Notice::PasswordChanged => Mail::PasswordChanged,
        Notice::FactorAdded { kind, label } => {
            Mail::FactorAdded { title_key: title(kind), label: label.clone() }
        }
        Notice::FactorRemoved { kind, label } => {
            Mail::FactorRemoved { title_key: title(kind), label: label.clone() }
        }
        Notice::FactorDisabled { kind, label } => {
            Mail::FactorDisabled { title_key: title(kind), label: label.clone() }
        }
        Notice::PasswordDisabled { can_reset } => {
            Mail::PasswordDisabled { reset_link: can_reset.then(|| origin.url(paths::RESET)) }
        }
        Notice::WrongCodes { kind } => Mail::WrongCodes { title_key: title(kind) },
        Notice::FactorUsed { template, left } => {
            Mail::FactorUsed { name: (*template).to_owned(), left: *left }
        }
        Notice::RecoveryCodesRegenerated => Mail::RecoveryCodesRegenerated,
        Notice::FactorMail { template, data } => {
            let args = data.as_object().into_iter().flatten().map(|(name, value)| {
                let value = value.as_i64().map_or_else(
                    || Arg::Text(value.as_str().map_or_else(|| value.to_string(), str::to_owned)),
                    Arg::Number,
                );
                (name.clone(), value)
            });
            Mail::FactorMail { name: template.clone(), args: args.collect() }
        }
        Notice::NoticesHeldBack => Mail::NoticesHeldBack { activity_link: origin.url(paths::ACTIVITY) },
        Notice::MfaDisabled => Mail::MfaDisabled,
        Notice::FactorsReset => Mail::FactorsReset,
        Notice::NewDevice { user_agent, ip } => {
            Mail::NewDevice { device: crate::device::name(user_agent.as_deref()), place: ip.clone() }
        }
    }
}
