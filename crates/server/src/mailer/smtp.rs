//! Delivery by SMTP (RFC 5321). Every step has a deadline: a server that accepts and then says nothing costs its own mail
//! some time, and nobody else's.

use super::Undelivered;
use crate::problem::Problem;
use lettre::{
    address::Envelope,
    transport::smtp::{
        Error,
        authentication::{Credentials, DEFAULT_MECHANISMS},
        client::{AsyncSmtpConnection, TlsParameters},
        commands::{Data, Mail, Noop, Rcpt},
        extension::{ClientId, Extension, MailParameter},
    },
};
use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};
use tokio::time::Instant;
use vestibule_config::{Mail as Settings, SmtpSecurity};

/// Connections that are kept for the next mail.
const MOST_KEPT: usize = 8;
/// For how long one is kept: servers close idle connections, some without a word.
const KEPT_FOR: Duration = Duration::from_secs(20);

/// How long the steps of a delivery may take. RFC 5321 §4.5.3.2 allows minutes; that is for servers which pass mail on for
/// days, while people wait for these mails.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadlines {
    /// To look the name up, connect, agree on TLS and be greeted.
    pub(crate) opening: Duration,
    /// For the answer to one command.
    pub(crate) command: Duration,
    /// To send the body and have it accepted.
    pub(crate) body: Duration,
}

impl Default for Deadlines {
    fn default() -> Self {
        Self {
            opening: Duration::from_secs(10),
            command: Duration::from_secs(10),
            body: Duration::from_secs(30),
        }
    }
}

impl Deadlines {
    /// The longest that a whole delivery can take: NOOP on a kept connection, a new one, STARTTLS, AUTH, MAIL, RCPT, DATA
    /// and the body.
    #[cfg(test)]
    pub(crate) const fn in_all(&self) -> Duration {
        self.opening.saturating_add(self.command.saturating_mul(6)).saturating_add(self.body)
    }
}

/// An SMTP server that takes mails.
pub(super) struct Smtp {
    host: String,
    port: u16,
    security: SmtpSecurity,
    tls: Option<TlsParameters>,
    credentials: Option<Credentials>,
    deadlines: Deadlines,
    name: ClientId,
    kept: Mutex<Vec<Kept>>,
}

/// A connection between two mails.
struct Kept {
    connection: AsyncSmtpConnection,
    since: Instant,
}

impl Smtp {
    /// # Errors
    /// [`Problem`] when the settings are those of another transport, or name a server that cannot be used.
    pub(super) fn new(settings: &Settings, deadlines: Deadlines) -> Result<Self, Problem> {
        let Settings::Smtp { host, port, security, username, password, .. } = settings else {
            return Err(Problem::new("mail is not sent by SMTP", "set mail.transport = \"smtp\""));
        };
        let refused = |error| {
            Problem::new(format!("the SMTP server {host:?} cannot be used: {error}"), "correct mail.host")
        };
        let tls = match security {
            SmtpSecurity::None => None,
            SmtpSecurity::Tls | SmtpSecurity::Starttls => {
                Some(TlsParameters::new(host.clone()).map_err(refused)?)
            }
        };
        let credentials = username.as_ref().zip(password.as_ref());
        Ok(Self {
            host: host.clone(),
            port: *port,
            security: *security,
            tls,
            credentials: credentials
                .map(|(name, secret)| Credentials::new(name.clone(), secret.expose().to_owned())),
            deadlines,
            name: ClientId::default(),
            kept: Mutex::new(Vec::new()),
        })
    }

    /// Hands a mail over.
    ///
    /// # Errors
    /// [`Undelivered`]; then the connection is not used again.
    pub(super) async fn deliver(&self, envelope: &Envelope, message: &[u8]) -> Result<(), Undelivered> {
        let mut connection = match self.take_kept().await {
            Some(connection) => connection,
            None => self.connect().await?,
        };
        self.hand_over(&mut connection, envelope, message).await?;
        self.keep(connection);
        Ok(())
    }

    /// Whether the server answers.
    ///
    /// # Errors
    /// [`Undelivered`].
    pub(super) async fn probe(&self) -> Result<(), Undelivered> {
        let mut connection = self.connect().await?;
        within(self.deadlines.command, "NOOP", connection.command(Noop)).await?;
        Ok(())
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Undelivered> {
        let Deadlines { opening, command, .. } = self.deadlines;
        let from_the_start = self.tls.clone().filter(|_| self.security == SmtpSecurity::Tls);
        let server = (self.host.as_str(), self.port);
        let connecting =
            AsyncSmtpConnection::connect_tokio1(server, Some(opening), &self.name, from_the_start, None);
        let mut connection = within(opening, "a connection and the greeting", connecting).await?;
        if let (SmtpSecurity::Starttls, Some(tls)) = (self.security, &self.tls) {
            within(command, "STARTTLS", connection.starttls(tls.clone(), &self.name)).await?;
        }
        if let Some(credentials) = &self.credentials {
            within(command, "AUTH", connection.auth(DEFAULT_MECHANISMS, credentials)).await?;
        }
        Ok(connection)
    }

    /// RFC 5321 §3.3. The steps one by one: lettre's own way sends QUIT after a refusal, and waits for the answer for ever.
    async fn hand_over(
        &self,
        connection: &mut AsyncSmtpConnection,
        envelope: &Envelope,
        message: &[u8],
    ) -> Result<(), Undelivered> {
        let Deadlines { command, body, .. } = self.deadlines;
        let mut options = Vec::new();
        let is_ascii = |address: &lettre::Address| AsRef::<str>::as_ref(address).is_ascii();
        if !envelope.to().iter().chain(envelope.from()).all(is_ascii) {
            // RFC 6531 §3.4: such an address is not sent to a server that does not know them.
            if !connection.server_info().supports_feature(Extension::SmtpUtfEight) {
                let cause = "the server takes only addresses of ASCII characters".to_owned();
                return Err(Undelivered { permanent: true, cause });
            }
            options.push(MailParameter::SmtpUtfEight);
        }
        let mail = Mail::new(envelope.from().cloned(), options);
        within(command, "MAIL", connection.command(mail)).await?;
        for to in envelope.to() {
            within(command, "RCPT", connection.command(Rcpt::new(to.clone(), Vec::new()))).await?;
        }
        within(command, "DATA", connection.command(Data)).await?;
        within(body, "the body", connection.message(message)).await?;
        Ok(())
    }

    async fn take_kept(&self) -> Option<AsyncSmtpConnection> {
        let kept = {
            let mut all = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            all.retain(|one| one.since.elapsed() < KEPT_FOR);
            all.pop()
        };
        let mut connection = kept?.connection;
        within(self.deadlines.command, "NOOP", connection.command(Noop)).await.ok()?;
        Some(connection)
    }

    fn keep(&self, connection: AsyncSmtpConnection) {
        let mut all = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() < MOST_KEPT {
            all.push(Kept { connection, since: Instant::now() });
        }
    }
}

/// Waits for a step of the conversation, but not for ever.
async fn within<T>(
    deadline: Duration,
    step: &str,
    answer: impl Future<Output = Result<T, Error>>,
) -> Result<T, Undelivered> {
    match tokio::time::timeout(deadline, answer).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(Undelivered { permanent: error.is_permanent(), cause: error.to_string() }),
        Err(_) => Err(Undelivered {
            permanent: false,
            cause: format!("the server did not answer within {} s to {step}", deadline.as_secs_f32()),
        }),
    }
}
