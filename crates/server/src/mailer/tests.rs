use super::*;
use std::path::PathBuf;
use vestibule_domain::MailId;
use vestibule_domain::Timestamp;

fn mail(to: &str, subject: &str) -> MailRow {
    MailRow {
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

fn composed(mail: &MailRow) -> String {
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
