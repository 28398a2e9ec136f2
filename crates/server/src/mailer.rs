//! Sending mail, by the chosen transport.

mod smtp;

use crate::{console, problem::Problem, runtime::private_directory};
use lettre::{
    Address, Message,
    message::{Mailbox, MultiPart, header},
};
use smtp::Smtp;
use std::{
    path::{Path, PathBuf},
    time::{Duration, UNIX_EPOCH},
};
use vestibule_config::Mail;
use vestibule_flows::OutgoingMail;

pub(crate) use smtp::Deadlines;

/// Why a mail did not leave.
#[derive(Debug, thiserror::Error)]
#[error("{cause}")]
pub struct Undelivered {
    /// Trying again cannot help.
    pub permanent: bool,
    /// What happened, for the log.
    pub cause: String,
}

/// Sends mails the way the settings say.
pub struct Mailer {
    transport: Transport,
    from: Option<Mailbox>,
    announce: bool,
}

enum Transport {
    /// Mails are dropped: what needs mail is refused elsewhere, and notices have nowhere to go.
    Off,
    Terminal,
    File(PathBuf),
    Smtp(Box<Smtp>),
}

impl Mailer {
    /// A mailer for the settings.
    ///
    /// # Errors
    /// [`Problem`] when the sender or the server's name cannot be used.
    pub fn new(settings: &Mail) -> Result<Self, Problem> {
        Self::with_deadlines(settings, Deadlines::default())
    }

    /// As [`Mailer::new`], with other deadlines for the steps of a delivery by SMTP.
    pub(crate) fn with_deadlines(settings: &Mail, deadlines: Deadlines) -> Result<Self, Problem> {
        let (transport, from) = match settings {
            Mail::Off => (Transport::Off, None),
            Mail::Terminal { from } => (Transport::Terminal, Some(from)),
            Mail::File { directory, from } => (Transport::File(directory.clone()), Some(from)),
            Mail::Smtp { from, .. } => {
                (Transport::Smtp(Box::new(Smtp::new(settings, deadlines)?)), Some(from))
            }
        };
        let parse = |text: &String| {
            let refused = |error| {
                Problem::new(format!("mail.from is refused: {error}"), "write Name <name@example.com>")
            };
            text.parse::<Mailbox>().map_err(refused)
        };
        let from = from.map(parse).transpose()?;
        Ok(Self { transport, from, announce: false })
    }

    /// Also tells the terminal of every mail, with the first link in it. Only for the demo: a link signs people in.
    #[must_use]
    pub(crate) fn announcing(mut self) -> Self {
        self.announce = true;
        self
    }

    /// Sends one mail.
    ///
    /// # Errors
    /// [`Undelivered`].
    pub async fn send(&self, mail: &OutgoingMail) -> Result<(), Undelivered> {
        let Some(from) = &self.from else { return Ok(()) };
        let message = compose(from, mail)?;
        match &self.transport {
            Transport::Off => {}
            Transport::Terminal => console::say(format_args!("{}\n", as_text(mail))),
            Transport::File(directory) => {
                let path = write_file(directory, mail, &message.formatted()).await?;
                if self.announce {
                    console::say(announcement(mail, &path));
                }
            }
            Transport::Smtp(smtp) => {
                smtp.deliver(message.envelope(), &message.formatted()).await?;
            }
        }
        Ok(())
    }

    /// Whether mail could leave, as far as can be told without sending one.
    ///
    /// # Errors
    /// What is in the way.
    pub async fn probe(&self) -> Result<String, String> {
        match &self.transport {
            Transport::Off => Ok("off: registration and password reset cannot send mail".to_owned()),
            Transport::Terminal => Ok("mail is written to the terminal".to_owned()),
            Transport::File(directory) => match private_directory(directory) {
                Ok(()) => Ok(format!("mail is written to {}", directory.display())),
                Err(error) => Err(format!("cannot make {}: {error}", directory.display())),
            },
            Transport::Smtp(smtp) => match smtp.probe().await {
                Ok(()) => Ok("the SMTP server answers".to_owned()),
                Err(error) => Err(format!("the SMTP server cannot be used: {error}")),
            },
        }
    }
}

/// RFC 5322. Every header value goes through lettre's types, which encode or refuse line breaks.
fn compose(from: &Mailbox, mail: &OutgoingMail) -> Result<Message, Undelivered> {
    let broken = |cause: String| Undelivered { permanent: true, cause };
    let to: Address =
        mail.to.parse().map_err(|_| broken("the recipient's address is malformed".to_owned()))?;
    let seconds = u64::try_from(mail.created_at.as_seconds()).unwrap_or(0);
    Message::builder()
        .from(from.clone())
        .to(Mailbox::new(None, to))
        .subject(mail.subject.clone())
        .date(UNIX_EPOCH + Duration::from_secs(seconds))
        // The same at every try, so that a mail that was accepted but not acknowledged is recognised as a duplicate.
        .message_id(Some(format!("<{}@{}>", mail.id, from.email.domain())))
        // RFC 3834 section 5: no vacation replies to this.
        .header(AutoSubmitted)
        .multipart(MultiPart::alternative_plain_html(mail.text.clone(), mail.html.clone()))
        .map_err(|error| broken(format!("the mail cannot be composed: {error}")))
}

/// `Auto-Submitted: auto-generated` (RFC 3834 section 5).
#[derive(Clone)]
struct AutoSubmitted;

impl header::Header for AutoSubmitted {
    fn name() -> header::HeaderName {
        header::HeaderName::new_from_ascii_str("Auto-Submitted")
    }
    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }
    fn display(&self) -> header::HeaderValue {
        header::HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

/// Writes a mail where only this user can read it: its links sign people in.
async fn write_file(directory: &Path, mail: &OutgoingMail, bytes: &[u8]) -> Result<PathBuf, Undelivered> {
    let failed = |error: std::io::Error| Undelivered { permanent: false, cause: error.to_string() };
    private_directory(directory).map_err(failed)?;
    let path = directory.join(format!("{}-{}.eml", mail.created_at.as_seconds(), mail.id));
    let (target, bytes) = (path.clone(), bytes.to_vec());
    let written =
        tokio::task::spawn_blocking(move || crate::demo::files::write_private(&target, &bytes)).await;
    written.map_err(|error| failed(std::io::Error::other(error)))?.map_err(failed)?;
    Ok(path)
}

fn as_text(mail: &OutgoingMail) -> String {
    // A terminal obeys control characters; a mail's text may hold a name that somebody chose.
    let clean = |text: &str| text.chars().filter(|c| *c == '\n' || !c.is_control()).collect::<String>();
    format!("── mail to {} ──\n{}\n\n{}", clean(&mail.to), clean(&mail.subject), clean(&mail.text))
}

fn announcement(mail: &OutgoingMail, path: &Path) -> String {
    let clean = |text: &str| text.chars().filter(|c| !c.is_control()).collect::<String>();
    let link = mail.text.split_whitespace().find(|word| word.starts_with("http"));
    let link = link.map(|link| format!("\n    {}", clean(link))).unwrap_or_default();
    let head = console::bold(&format!("  mail to {}: {}", clean(&mail.to), clean(&mail.subject)));
    format!("{head}{link}\n    {}", console::dim(&path.display().to_string()))
}

#[cfg(test)]
mod tests;
