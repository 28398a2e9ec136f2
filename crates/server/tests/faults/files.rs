//! Files: what the server writes is for its own user alone.
#![cfg(unix)]

use crate::scratch::{SETTINGS, Scratch, mode, set_mode};

#[test]
fn fault_s7_the_database_is_private_whatever_the_umask_and_the_directory() {
    let scratch = Scratch::new();
    set_mode(&scratch.0, 0o777);
    let key = scratch.run(&["keys", "generate"]).succeeded();
    scratch.write("key-ring", &key);
    let mail = "[mail]\ntransport = \"file\"\ndirectory = \"mail\"\nfrom = \"no-reply@example.com\"\n";
    scratch.write("settings.toml", &format!("{SETTINGS}{mail}"));
    set_mode(&scratch.0.join("key-ring"), 0o600);
    let server = scratch.serve_with_umask("000");
    for name in ["test.sqlite", "test.sqlite-wal", "test.sqlite-shm"] {
        assert_eq!(mode(&scratch.0.join(name)), 0o600, "{name}");
    }
    drop(server);
    // A database of an earlier version, or a restored one.
    set_mode(&scratch.0.join("test.sqlite"), 0o644);
    let ran = scratch.run(&["check"]);
    assert_eq!(ran.code, Some(1), "{}", ran.out);
    assert!(
        ran.out.contains("others can read test.sqlite (mode 644); run `chmod 600 test.sqlite`"),
        "{}",
        ran.out
    );
    assert_eq!(mode(&scratch.0.join("test.sqlite")), 0o644, "looking changes nothing");
    let server = scratch.serve_with_umask("000");
    for name in ["test.sqlite", "test.sqlite-wal", "test.sqlite-shm"] {
        assert_eq!(mode(&scratch.0.join(name)), 0o600, "{name}");
    }
    drop(server);
    scratch.run(&["check"]).succeeded();
    std::fs::create_dir_all(scratch.0.join("mail")).unwrap();
    set_mode(&scratch.write("mail/1.eml", "a link"), 0o640);
    assert!(scratch.run(&["check"]).out.contains("mail/1.eml (mode 640)"));
}
