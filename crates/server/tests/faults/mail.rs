//! Mail: a server that says nothing for some recipients.

use std::{collections::BTreeMap, path::PathBuf, time::Duration};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
};
use vestibule::{Actor, PoolFile, Registry, Settings, Vestibule, pool_specs};

/// A mail server that never answers to a recipient at `silent.example`. Gives the recipients of the mails it took.
async fn mail_server() -> (u16, UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (taken, mails) = unbounded_channel();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            tokio::spawn(converse(stream, taken.clone()));
        }
    });
    (port, mails)
}

async fn converse(stream: TcpStream, taken: UnboundedSender<String>) {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    write.write_all(b"220 here\r\n").await.unwrap();
    let (mut recipient, mut in_body) = (String::new(), false);
    while let Ok(Some(line)) = lines.next_line().await {
        let answer = if in_body {
            if line != "." {
                continue;
            }
            in_body = false;
            taken.send(recipient.clone()).unwrap();
            "250 taken\r\n"
        } else if line.starts_with("RCPT") {
            if line.contains("@silent.example") {
                std::future::pending::<()>().await;
            }
            recipient = line;
            "250 ok\r\n"
        } else if line.starts_with("DATA") {
            in_body = true;
            "354 go on\r\n"
        } else {
            "250 ok\r\n"
        };
        write.write_all(answer.as_bytes()).await.unwrap();
    }
}

struct Place(PathBuf);

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u1_a_silent_mail_server_stops_nobody_elses_mail() {
    let (port, mut mails) = mail_server().await;
    let place = Place(std::env::temp_dir().join(format!("vestibule-silent-mail-{}", std::process::id())));
    let settings = format!(
        "[database]\nurl = \"sqlite://{}\"\n[mail]\ntransport = \"smtp\"\nhost = \"127.0.0.1\"\nport = {port}\n\
         security = \"none\"\nfrom = \"no-reply@example.com\"\n[password_hashing]\nmemory_kib = 8\niterations = 1\n",
        place.0.join("mail.sqlite").display()
    );
    let ring = "hWcfDXMxFbYMzs9CeDnRL9Ge-Zsxn0bMaCkSdzlsx9A".to_owned();
    let environment = BTreeMap::from([("VESTIBULE_KEY_RING".to_owned(), ring)]);
    let settings = Settings::parse(None, &settings, &environment).unwrap();
    let vestibule = Vestibule::builder(settings).migrate().build().await.unwrap();
    let mut file = String::new();
    for (pool, quick) in [("acme", true), ("other", false)] {
        file +=
            &format!("[[pool]]\nslug = \"{pool}\"\nname = \"P\"\norigin = \"http://{pool}.localhost:9\"\n");
        for number in 0..40 {
            file +=
                &format!("[[pool.user]]\nusername = \"u{number}\"\nemail = \"u{number}@silent.example\"\n");
        }
        let domain = if quick { "quick.example" } else { "elsewhere.example" };
        file += &format!("[[pool.user]]\nusername = \"jo\"\nemail = \"jo@{domain}\"\n");
    }
    let registry = Registry::builtin();
    let specs = pool_specs(&PoolFile::parse(None, &file, &registry).unwrap(), &registry).unwrap();
    let admin = vestibule.app().admin(Actor::command_line());
    admin.apply(&specs).await.unwrap();
    for pool in ["acme", "other"] {
        let silent: Vec<String> = (0..40).map(|number| format!("u{number}")).collect();
        for user in silent.iter().map(String::as_str).chain(["jo"]) {
            let password = "three blue bicycles".to_owned().into();
            admin.set_user_password(pool, user, password).await.unwrap();
        }
    }
    let mut reached = Vec::new();
    while reached.len() < 2 {
        // Far longer than it takes, and for ever where one recipient holds up the others.
        let mail = tokio::time::timeout(Duration::from_secs(60), mails.recv()).await;
        reached.push(mail.expect("the silent recipients hold up the others").unwrap());
    }
    reached.sort();
    assert!(reached[0].contains("jo@elsewhere.example") && reached[1].contains("jo@quick.example"));
    vestibule.stop().await;
}
