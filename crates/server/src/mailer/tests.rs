use super::*;
use std::path::PathBuf;
use vestibule_domain::MailId;
use vestibule_domain::Timestamp;

fn mail(to: &str, subject: &str) -> OutgoingMail {
    OutgoingMail {
        pool: vestibule_domain::PoolId::from_uuid(uuid::Uuid::from_u128(3)),
        id: MailId::from_uuid(uuid::Uuid::from_u128(7)),
        to: to.to_owned(),
        subject: subject.to_owned(),
        text: "Go on at https://acme.example.com/reset?token=abc".to_owned(),
        html: "<p>Go on</p>".to_owned(),
        created_at: Timestamp::from_seconds(1_700_000_000),
        tries: 1,
    }
}

fn from() -> Mailbox {
    "Acme <no-reply@example.com>".parse().unwrap()
}

fn composed(mail: &OutgoingMail) -> String {
    String::from_utf8(compose(&from(), mail).unwrap().formatted()).unwrap()
}

#[test]
fn a_mail_says_who_when_and_that_a_machine_wrote_it() {
    let text = composed(&mail("jo@example.com", "Hello"));
    for line in [
        "From: Acme <no-reply@example.com>",
        "To: jo@example.com",
        "Subject: Hello",
        "Auto-Submitted: auto-generated",
        "Message-ID: <00000000-0000-0000-0000-000000000007@example.com>",
        "Date: Tue, 14 Nov 2023 22:13:20 +0000",
    ] {
        assert!(text.contains(line), "{line} is missing in:\n{text}");
    }
    assert!(text.contains("text/plain") && text.contains("text/html"));
}

#[test]
fn a_subject_cannot_add_a_header() {
    let text = composed(&mail("jo@example.com", "Hello\r\nBcc: eve@example.com"));
    let (head, _) = text.split_once("\r\n\r\n").unwrap();
    assert!(!head.lines().any(|line| line.to_lowercase().starts_with("bcc")), "{head}");
}

#[test]
fn a_recipient_cannot_add_a_header_or_another_recipient() {
    for to in ["jo@example.com\r\nBcc: eve@example.com", "jo@example.com, eve@example.com", "jo"] {
        let refused = compose(&from(), &mail(to, "Hello")).map(|_| ());
        assert!(refused.is_err_and(|failure| failure.permanent), "{to:?}");
    }
}

#[tokio::test]
async fn files_are_for_this_user_alone() {
    let directory = std::env::temp_dir().join(format!("vestibule-mail-{}", std::process::id()));
    let settings = Mail::File { directory: directory.clone(), from: "no-reply@example.com".to_owned() };
    Mailer::new(&settings).unwrap().send(&mail("jo@example.com", "Hello")).await.unwrap();
    let files: Vec<PathBuf> =
        std::fs::read_dir(&directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files.len(), 1);
    let file = files.first().unwrap();
    assert!(
        std::fs::read_to_string(file).unwrap().contains("token=3Dabc")
            || std::fs::read_to_string(file).unwrap().contains("token=abc")
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(file).unwrap().permissions().mode() & 0o077, 0);
    }
    std::fs::remove_dir_all(&directory).unwrap();
}

#[test]
fn what_a_terminal_obeys_is_not_printed() {
    let text = as_text(&mail("jo@example.com", "Hello \u{1b}[2J"));
    assert!(!text.contains('\u{1b}'));
}

/// The step at which a server falls silent, or refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Silent {
    Greeting,
    Ehlo,
    Mail,
    Rcpt,
    Data,
    Body,
    Noop,
    /// It refuses the recipient, and then says nothing more.
    AfterRefusal,
    Never,
}

/// An SMTP server on loopback; the task gives the mails that it took.
async fn smtp_server(silent: Silent) -> (Mail, tokio::sync::mpsc::UnboundedReceiver<String>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (taken, mails) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            tokio::spawn(converse(stream, silent, taken.clone()));
        }
    });
    let settings = Mail::Smtp {
        host: "127.0.0.1".to_owned(),
        port,
        security: vestibule_config::SmtpSecurity::None,
        username: None,
        password_env: None,
        from: "no-reply@example.com".to_owned(),
        password: None,
    };
    (settings, mails)
}

async fn converse(
    stream: tokio::net::TcpStream,
    silent: Silent,
    taken: tokio::sync::mpsc::UnboundedSender<String>,
) {
    use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _};
    let (read, mut write) = stream.into_split();
    let mut lines = tokio::io::BufReader::new(read).lines();
    let steps = [
        ("EHLO", Silent::Ehlo, "250 here\r\n"),
        ("MAIL", Silent::Mail, "250 ok\r\n"),
        ("RCPT", Silent::Rcpt, "250 ok\r\n"),
        ("DATA", Silent::Data, "354 go on\r\n"),
        ("NOOP", Silent::Noop, "250 ok\r\n"),
    ];
    if silent == Silent::Greeting {
        std::future::pending::<()>().await;
    }
    write.write_all(b"220 here\r\n").await.unwrap();
    let (mut body, mut refused) = (None::<String>, false);
    while let Ok(Some(line)) = lines.next_line().await {
        if let Some(text) = &mut body {
            if line != "." {
                text.push_str(&line);
                text.push('\n');
                continue;
            }
            if silent == Silent::Body {
                std::future::pending::<()>().await;
            }
            taken.send(body.take().unwrap()).unwrap();
            write.write_all(b"250 taken\r\n").await.unwrap();
            continue;
        }
        if silent == Silent::AfterRefusal && (refused || line.starts_with("RCPT")) {
            if refused {
                std::future::pending::<()>().await;
            }
            refused = true;
            write.write_all(b"550 nobody\r\n").await.unwrap();
            continue;
        }
        let Some((verb, step, answer)) = steps.iter().find(|(verb, _, _)| line.starts_with(verb)) else {
            return;
        };
        if silent == *step {
            std::future::pending::<()>().await;
        }
        if *verb == "DATA" {
            body = Some(String::new());
        }
        write.write_all(answer.as_bytes()).await.unwrap();
    }
}

#[tokio::test]
async fn fault_u1_every_step_of_a_delivery_has_a_deadline() {
    let limit = Duration::from_millis(300);
    let deadlines = Deadlines { opening: limit, command: limit, body: limit };
    for silent in [Silent::Greeting, Silent::Ehlo, Silent::Mail, Silent::Rcpt, Silent::Data, Silent::Body] {
        let (settings, _mails) = smtp_server(silent).await;
        let mailer = Mailer::with_deadlines(&settings, deadlines).unwrap();
        let failure = mailer.send(&mail("jo@example.com", "Hello")).await.unwrap_err();
        assert!(!failure.permanent && failure.cause.contains("did not answer"), "{silent:?}: {failure}");
    }
    let (settings, _mails) = smtp_server(Silent::Greeting).await;
    assert!(Mailer::with_deadlines(&settings, deadlines).unwrap().probe().await.is_err());
}

#[tokio::test]
async fn fault_u1_a_refusal_counts_although_the_server_says_nothing_more() {
    let (settings, _mails) = smtp_server(Silent::AfterRefusal).await;
    let failure = Mailer::new(&settings).unwrap().send(&mail("jo@example.com", "Hello")).await.unwrap_err();
    assert!(failure.permanent, "{failure}");
}

#[tokio::test]
async fn a_connection_is_used_again_unless_it_fell_silent() {
    for silent in [Silent::Never, Silent::Noop] {
        let (settings, mut mails) = smtp_server(silent).await;
        let command = Duration::from_millis(if silent == Silent::Noop { 300 } else { 60_000 });
        let deadlines = Deadlines { command, ..Deadlines::default() };
        let mailer = Mailer::with_deadlines(&settings, deadlines).unwrap();
        for subject in ["First", "Second"] {
            mailer.send(&mail("jo@example.com", subject)).await.unwrap();
            assert!(mails.recv().await.unwrap().contains(subject), "{silent:?}");
        }
    }
}
