//! The command line.

use crate::scratch::Scratch;
use serde_json::json;

const SHOP: [&str; 8] = [
    "application",
    "add",
    "--pool",
    "acme",
    "shop",
    "--redirect-uri",
    "https://shop.example.com/cb",
    "--min-acr=mfa",
];

fn with_shop_and_jo() -> Scratch {
    let scratch = Scratch::with_pool();
    scratch.run(&SHOP).succeeded();
    let jo = ["user", "add", "--pool", "acme", "jo", "--email", "jo@example.com", "--group", "staff"];
    scratch.run(&jo).succeeded();
    scratch
}

#[test]
fn fault_c1_adding_refuses_what_exists_and_changes_nothing() {
    let scratch = with_shop_and_jo();
    let before = scratch.json(&["application", "show", "--pool", "acme", "shop"]);
    let again = ["client", "add", "--pool", "acme", "shop", "--redirect-uri", "https://other.example.com/cb"];
    scratch.run(&again).failed(&["\"shop\" exists already", "`update`"]);
    assert_eq!(scratch.json(&["application", "show", "--pool", "acme", "shop"]), before);
    scratch.run(&["pool", "add", "acme", "--origin", "http://localhost:9998"]).failed(&["exists already"]);
    scratch
        .run(&["user", "add", "--pool", "acme", "JO", "--email", "x@example.com"])
        .failed(&["exists already"]);
}

#[test]
fn fault_c1_updating_changes_what_is_named_and_shows_before_and_after() {
    let scratch = with_shop_and_jo();
    let update = ["application", "update", "--pool", "acme", "shop"];
    let told = scratch.run(&[&update[..], &["--name", "The Shop"]].concat()).succeeded();
    assert!(told.contains("name: \"shop\" → \"The Shop\""), "{told}");
    assert!(!told.contains("min_acr") && !told.contains("secret"), "{told}");
    let shown = scratch.json(&["application", "show", "--pool", "acme", "shop"]);
    assert_eq!((&shown["min_acr"], &shown["has_secret"]), (&json!("mfa"), &json!(true)));
    assert_eq!(shown["redirect_uris"], json!(["https://shop.example.com/cb"]));
    let told = scratch.run(&[&update[..], &["--min-acr", "none"]].concat()).succeeded();
    assert!(told.contains("min_acr: \"mfa\" → none"), "{told}");
    scratch
        .run(&["application", "update", "--pool", "acme", "nobody", "--name", "x"])
        .failed(&["no application"]);
    scratch
        .run(&[&update[..], &["--redirect-uri", "http://evil.example.com"]].concat())
        .failed(&["unprotected"]);

    let update = ["user", "update", "--pool", "acme", "jo"];
    let told = scratch.run(&[&update[..], &["--name", "Jo Example"]].concat()).succeeded();
    assert!(told.contains("name: none → \"Jo Example\"") && !told.contains("groups"), "{told}");
    let told = scratch.run(&[&update[..], &["--email", "jo@example.org"]].concat()).succeeded();
    assert!(told.contains("email: \"jo@example.com\" → \"jo@example.org\""), "{told}");
    let shown = scratch.json(&["user", "show", "--pool", "acme", "jo"]);
    assert_eq!((&shown["email"], &shown["groups"]), (&json!("jo@example.org"), &json!(["staff"])));
    scratch.run(&[&update[..], &["--group", "none", "--name", "none"]].concat()).succeeded();
    let shown = scratch.json(&["user", "show", "--pool", "acme", "jo"]);
    assert_eq!((&shown["name"], &shown["groups"]), (&json!(null), &json!([])));
    scratch.run(&["user", "add", "--pool", "acme", "mo", "--email", "mo@example.com"]).succeeded();
    scratch.run(&[&update[..], &["--email", "mo@example.com"]].concat()).failed(&["belongs to another user"]);

    let told = scratch.run(&["pool", "update", "acme", "--name", "Acme Inc."]).succeeded();
    assert!(told.contains("name: \"Acme\" → \"Acme Inc.\""), "{told}");
}

#[test]
fn fault_c1_deleting_shows_what_goes_and_does_it_only_when_told_to() {
    let scratch = with_shop_and_jo();
    for (delete, gone, name) in [
        (&["application", "delete", "--pool", "acme", "shop"][..], "has no application", "Application shop"),
        (&["user", "delete", "--pool", "acme", "jo"][..], "has no user", "User jo"),
        (&["pool", "delete", "acme"][..], "there is no pool", "Pool acme"),
    ] {
        scratch.run(delete).failed(&["nobody is there to confirm", name, "--yes"]);
        let shown = scratch.run(&[delete, &["--dry-run"]].concat()).succeeded();
        assert!(shown.contains(name), "{shown}");
        assert_eq!(scratch.json(&[delete, &["--dry-run"]].concat())["done"], json!(false));
        assert_eq!(scratch.json(&[delete, &["--yes"]].concat())["done"], json!(true));
        scratch.run(&[delete, &["--yes"]].concat()).failed(&[gone]);
    }
    assert_eq!(scratch.json(&["pool", "list"]), json!({ "pools": [] }));
}

#[test]
fn fault_c1_what_is_exported_can_be_applied_and_changes_nothing() {
    let scratch = with_shop_and_jo();
    let exports: [&[&str]; 5] = [
        &["pool", "export", "acme", "--users"],
        &["application", "export", "--pool", "acme"],
        &["application", "export", "--pool", "acme", "shop"],
        &["user", "export", "--pool", "acme"],
        &["user", "export", "--pool", "acme", "jo"],
    ];
    let mut whole = String::new();
    for (number, export) in exports.into_iter().enumerate() {
        let text = scratch.run(export).succeeded();
        scratch.write("exported.toml", &text);
        let plan = scratch.run(&["apply", "exported.toml", "--dry-run"]).succeeded();
        assert!(plan.contains("nothing to change"), "{export:?}: {plan}");
        assert!(!text.contains("password ="), "{text}");
        if number == 0 {
            whole = text;
        }
    }
    // Into an empty database it makes the same again.
    scratch.run(&["pool", "delete", "acme", "--yes"]).succeeded();
    scratch.write("exported.toml", &whole);
    scratch.run(&["apply", "exported.toml", "--yes"]).succeeded();
    assert_eq!(scratch.run(&["pool", "export", "acme", "--users"]).succeeded(), whole);
}

#[test]
fn fault_c1_lists_have_filters() {
    let scratch = with_shop_and_jo();
    scratch.run(&["user", "add", "--pool", "acme", "mo", "--email", "mo@example.com"]).succeeded();
    scratch.run(&["user", "add", "--pool", "acme", "j_x", "--email", "other@example.com"]).succeeded();
    let names = |more: &[&str]| {
        let listed = scratch.json(&[&["user", "list", "--pool", "acme"], more].concat());
        let users = listed["users"].as_array().unwrap().clone();
        users.iter().map(|user| user["username"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(&["--group", "staff"]), ["jo"]);
    assert_eq!(names(&["--group", "st"]), [""; 0]);
    assert_eq!(names(&["--begins", "MO@"]), ["mo"]);
    assert_eq!(names(&["--begins", "j_"]), ["j_x"], "nothing stands for anything else");
    let listed = scratch.json(&["application", "list", "--pool", "acme", "--kind", "public"]);
    assert_eq!(listed, json!({ "clients": [] }));
    assert_eq!(scratch.json(&["pool", "list", "--tenant", "nobody"]), json!({ "pools": [] }));
}

#[test]
fn fault_c1_the_audit_trail_can_be_read_on_from_any_line() {
    let scratch = with_shop_and_jo();
    let read = |more: &[&str]| {
        let text = scratch.run(&[&["audit", "--pool", "acme", "--json"], more].concat()).succeeded();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<serde_json::Value>>()
    };
    let all = read(&[]);
    let actions: Vec<&str> = all.iter().map(|row| row["action"].as_str().unwrap()).collect();
    for action in ["pool-created", "client-created", "user-created"] {
        assert_eq!(actions.iter().filter(|one| **one == action).count(), 1, "{actions:?}");
    }
    assert!(all[0]["at"].as_str().unwrap().ends_with('Z'));
    let jo = read(&["--user", "jo"]);
    assert_eq!((jo.len(), &jo[0]["action"]), (1, &json!("user-created")));
    assert_eq!(read(&["--application", "shop", "--action", "client-created"]).len(), 1);
    assert_eq!(read(&["--outcome", "refused"]).len(), 0);
    assert_eq!(read(&["--until", "2020-01-01"]).len(), 0);
    assert_eq!(read(&["--limit", "1"]), [all.last().unwrap().clone()]);
    let after = all[0]["id"].as_str().unwrap();
    assert_eq!(read(&["--after", after]), all[1..]);
    let text = scratch.run(&["audit", "--pool", "acme"]).succeeded();
    assert!(text.contains("user-created") && text.contains("Z  "), "{text}");
}

#[test]
fn fault_c1_sessions_and_factors_of_a_user_have_commands() {
    let scratch = with_shop_and_jo();
    assert_eq!(scratch.json(&["user", "sessions", "--pool", "acme", "jo"]), json!({ "sessions": [] }));
    assert_eq!(scratch.json(&["user", "factors", "--pool", "acme", "jo"]), json!({ "factors": [] }));
    assert_eq!(scratch.json(&["user", "end-sessions", "--pool", "acme", "jo"])["ended"], json!(0));
    let other = "019a8c2e-6f31-7c1a-9f0e-2b7c4d5e6f70";
    scratch
        .run(&["user", "end-sessions", "--pool", "acme", "jo", "--session", other])
        .failed(&["no session"]);
    scratch
        .run(&["user", "remove-factor", "--pool", "acme", "jo", "totp", "--yes"])
        .failed(&["no such factor"]);
    scratch
        .run(&["user", "end-sessions", "--pool", "acme", "--everybody"])
        .failed(&["nobody is there", "--yes"]);
    assert_eq!(
        scratch.json(&["user", "end-sessions", "--pool", "acme", "--everybody", "--yes"])["ended"],
        json!(0)
    );
}

#[test]
fn fault_c1_shells_complete_the_commands() {
    let scratch = Scratch::new();
    for shell in ["bash", "zsh", "fish"] {
        let script = scratch.run(&["completions", shell]).succeeded();
        assert!(script.contains("reset-factors") && script.contains("end-sessions"), "{shell}");
    }
}

#[test]
fn fault_c11_an_unverified_address_is_told_and_can_be_verified() {
    let scratch = Scratch::with_pool();
    let add = |name: &str, more: &[&str]| {
        let address = format!("{name}@example.com");
        scratch.run(&[&["user", "add", "--pool", "acme", name, "--email", &address], more].concat())
    };
    let told = add("jo", &[]);
    assert!(told.err.contains("oauth2-proxy") && told.err.contains("--email-verified true"), "{}", told.err);
    told.succeeded();
    assert!(!add("mo", &["--email-verified"]).err.contains("note"));
    let verified =
        |name: &str| scratch.json(&["user", "show", "--pool", "acme", name])["email_verified"].clone();
    assert_eq!((verified("jo"), verified("mo")), (json!(false), json!(true)));
    let update = ["user", "update", "--pool", "acme", "jo", "--email-verified", "true"];
    assert!(scratch.run(&update).succeeded().contains("email_verified: false → true"));
    assert_eq!(verified("jo"), json!(true));
    // Another address is another matter.
    scratch.run(&["user", "update", "--pool", "acme", "jo", "--email", "jo@example.org"]).succeeded();
    assert_eq!(verified("jo"), json!(false));
    // The quick start says so, too.
    let readme = include_str!("../../../../README.md");
    assert!(readme.contains("user add --pool acme jo --email jo@example.com --email-verified"));
}

#[test]
fn fault_c5_what_concerns_many_shows_whom_and_asks() {
    let scratch = with_shop_and_jo();
    let switch = ["pool", "update", "acme", "--mfa", "required"];
    scratch.run(&switch).failed(&["1 user", "must enrol", "--yes"]);
    let moved = ["pool", "update", "acme", "--origin", "http://localhost:9998"];
    scratch.run(&moved).failed(&["1 application", "new issuer", "--yes"]);
    let forget = ["keys", "rotate", "--pool", "acme", "--forget"];
    scratch.run(&forget).failed(&["every token", "--yes"]);
    let shown = scratch.json(&["pool", "show", "acme"]);
    assert_eq!(shown["origin"], json!("http://localhost:9999"), "nothing was changed");
    for command in [&switch[..], &moved, &forget] {
        scratch.run(&[command, &["--yes"]].concat()).succeeded();
    }
    // What concerns nobody asks nothing.
    scratch.run(&["pool", "update", "acme", "--name", "Other"]).succeeded();
    scratch.run(&["user", "reset-factors", "--pool", "acme", "jo"]).succeeded();
}

#[test]
fn fault_c7_an_explanation_is_words_and_times() {
    let scratch = Scratch::ready();
    let pools = "[[pool]]\nslug = \"acme\"\nname = \"Acme\"\norigin = \"http://localhost:9999\"\n\
                 [pool.mfa]\npolicy = \"required\"\nrequired_from = \"2099-01-01\"\n\
                 [[pool.mfa.rule]]\nname = \"finance\"\ngroups = [\"finance\"]\nmin_acr = \"mfa\"\n";
    scratch.write("pools.toml", pools);
    scratch.run(&["apply", "pools.toml", "--yes"]).succeeded();
    for group in ["finance", "staff"] {
        let told = scratch.run(&["policy", "explain", "--pool", "acme", "--group", group]).succeeded();
        assert!(!told.contains("PoolRequires") && !told.contains("4070908800"), "{told}");
        assert!(group != "staff" || told.contains("2099-01-01T00:00:00Z"), "{told}");
    }
}

#[test]
fn fault_c6_the_example_file_leaves_the_pool_of_the_readme_alone() {
    let scratch = Scratch::with_pool();
    scratch.write("example.toml", include_str!("../../../../config/pools.example.toml"));
    let plan = scratch.run(&["apply", "example.toml", "--dry-run"]).succeeded();
    assert!(plan.contains("+ pool example") && !plan.contains("~ "), "{plan}");
}
