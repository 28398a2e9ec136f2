//! What a profile takes, and who changes what of it.

use super::*;
use crate::attribute::AttributeType;
use proptest::prelude::*;

fn kept(field: TextField, text: &str) -> Option<String> {
    field.read(text).ok()
}

fn attribute(name: &str, edit: Editor) -> Attribute {
    Attribute {
        name: name.to_owned(),
        kind: AttributeType::String,
        edit,
        claim: None,
        scope: "profile".to_owned(),
        label: None,
    }
}

fn text(value: &str) -> AttributeValue {
    AttributeValue::Text(value.to_owned())
}

#[test]
fn values_are_in_the_form_of_their_claims() {
    use TextField::{Birthdate, GivenName, PhoneNumber, Picture, StreetAddress, Website, Zoneinfo};
    for (field, typed, value) in [
        (GivenName, "  Zoe\u{308} ", "Zo\u{eb}"),
        (Birthdate, "1990-12-31", "1990-12-31"),
        (Birthdate, "0000-02-29", "0000-02-29"),
        (Birthdate, "2000-02-29", "2000-02-29"),
        (Birthdate, "1990", "1990"),
        (Zoneinfo, "Europe/Berlin", "Europe/Berlin"),
        (Zoneinfo, "europe/paris", "Europe/Paris"),
        (PhoneNumber, "+49 (30) 1234-5678", "+493012345678"),
        (PhoneNumber, "+٤٩٣٠١٢٣٤٥٦٧٨", "+493012345678"),
        (Picture, "https://pictures.example/a.png", "https://pictures.example/a.png"),
        (Website, "http://jo.example/", "http://jo.example/"),
        (StreetAddress, "Hof 2 \r\n Weg 1", "Hof 2\nWeg 1"),
    ] {
        assert_eq!(kept(field, typed).as_deref(), Some(value), "{field:?} {typed:?}");
    }
    for (field, typed) in [
        (GivenName, ""),
        (GivenName, " "),
        (GivenName, "a\nb"),
        (GivenName, "a\u{202e}b"),
        (GivenName, "a\u{7}"),
        (Birthdate, "1990-13-01"),
        (Birthdate, "1990-02-29"),
        (Birthdate, "1900-02-29"),
        (Birthdate, "1990-00-01"),
        (Birthdate, "0000"),
        (Birthdate, "90-1-1"),
        (Birthdate, "31.12.1990"),
        (Birthdate, "1990-12-31T00:00:00Z"),
        (Zoneinfo, "Europe/Atlantis"),
        (Zoneinfo, "../etc/passwd"),
        (PhoneNumber, "030 1234567"),
        (PhoneNumber, "+0301234567"),
        (PhoneNumber, "+1"),
        (PhoneNumber, "+1234567890123456"),
        (PhoneNumber, "+49 30 CALLNOW"),
        (Picture, "http://pictures.example/a.png"),
        (Picture, "javascript:alert(1)"),
        (Picture, "data:image/png;base64,AA=="),
        (Website, "javascript://jo.example/%0aalert(1)"),
        (Website, "https://u:p@jo.example/"),
        (Website, "https:\\\\jo.example"),
        (Website, "https:jo.example"),
        (Website, "//jo.example"),
        (StreetAddress, "a\u{0}b"),
    ] {
        assert_eq!(kept(field, typed), None, "{field:?} {typed:?}");
    }
    for field in TextField::ALL {
        assert_eq!(kept(*field, &"x".repeat(100_000)), None, "{field:?}");
        assert_eq!(TextField::named(field.as_str()), Some(*field));
    }
}

#[test]
fn every_zone_that_is_offered_is_one() {
    assert!(time_zones().count() > 300);
    for zone in time_zones() {
        assert_eq!(kept(TextField::Zoneinfo, zone).as_deref(), Some(zone));
    }
}

#[test]
fn a_person_changes_what_is_offered_and_nothing_else() {
    let declared = [attribute("motto", Editor::Person), attribute("clearance", Editor::Administrator)];
    let before = UserProfile {
        given_name: Some("Jo".to_owned()),
        phone_number: Some("+493012345678".to_owned()),
        phone_number_verified: true,
        roles: BTreeSet::from(["reader".to_owned()]),
        attributes: BTreeMap::from([("clearance".to_owned(), text("none"))]),
        address: PostalAddress { formatted: Some("Hof\nWeg".to_owned()), ..PostalAddress::default() },
        ..UserProfile::default()
    };
    let everything = ProfileEdit {
        texts: TextField::ALL.iter().map(|field| (*field, "+4930999999".to_owned())).collect(),
        attributes: ["motto", "clearance", "roles"].map(|name| (name.to_owned(), "top".to_owned())).into(),
    };
    let nothing = before.clone().edited(&everything, &BTreeSet::new(), &declared[1..]).unwrap();
    assert_eq!(nothing, before);
    let offered = BTreeSet::from([PersonalField::GivenName]);
    let after = before.clone().edited(&everything, &offered, &declared).unwrap();
    let expected = UserProfile {
        given_name: Some("+4930999999".to_owned()),
        attributes: BTreeMap::from([
            ("clearance".to_owned(), text("none")),
            ("motto".to_owned(), text("top")),
        ]),
        ..before.clone()
    };
    assert_eq!(after, expected);
    // What is not in the form stays; what is empty goes.
    let empty = ProfileEdit {
        texts: BTreeMap::from([(TextField::GivenName, " ".to_owned())]),
        attributes: BTreeMap::from([("motto".to_owned(), String::new())]),
    };
    assert_eq!(
        after.edited(&empty, &offered, &declared).unwrap(),
        UserProfile { given_name: None, ..before.clone() }
    );
    let wrong = ProfileEdit { texts: BTreeMap::from([(TextField::Birthdate, "x".to_owned())]), ..empty };
    let offered = BTreeSet::from([PersonalField::Birthdate]);
    assert_eq!(before.edited(&wrong, &offered, &declared), Err("birthdate".to_owned()));
}

#[test]
fn nobody_claims_what_nobody_proved() {
    let mut profile = UserProfile {
        phone_number: Some("+493012345678".to_owned()),
        phone_number_verified: true,
        ..UserProfile::default()
    };
    profile.set(TextField::PhoneNumber, Some("+49 30 12345678")).unwrap();
    assert!(profile.phone_number_verified, "the same number");
    let proved = profile.clone();
    profile.set(TextField::PhoneNumber, Some("+493099999999")).unwrap();
    assert!(!profile.phone_number_verified);
    // An administrator notes a proof while the user changes the number: the proof is not that of the new number.
    let unproved = UserProfile { phone_number_verified: false, ..proved.clone() };
    let rebased = profile.clone().rebased(&unproved, &proved);
    assert_eq!(
        (rebased.phone_number.as_deref(), rebased.phone_number_verified),
        (Some("+493012345678"), true)
    );
    let named = UserProfile { nickname: Some("Jo".to_owned()), ..unproved.clone() };
    let rebased = profile.clone().rebased(&unproved, &named);
    assert_eq!(rebased, UserProfile { nickname: Some("Jo".to_owned()), ..profile });
    let declared = UserProfile { phone_number: Some("+493099999999".to_owned()), ..UserProfile::default() };
    assert!(!proved.with(&declared).phone_number_verified);
    let alone = UserProfile { phone_number_verified: true, ..UserProfile::default() };
    assert!(alone.checked(&[], &UserProfile::default(), &FieldPath::root()).is_err());
}

#[test]
fn a_part_of_the_address_changes_the_whole() {
    let mut profile = UserProfile::default();
    profile.set(TextField::Formatted, Some("Weg 1\nBerlin")).unwrap();
    profile.set(TextField::Locality, Some("Berlin")).unwrap();
    assert_eq!(profile.address.formatted, None);
    assert!(!TextField::Formatted.is_for(&BTreeSet::from([PersonalField::Address])));
}

#[test]
fn what_is_declared_is_checked_and_composed() {
    let declared = [attribute("motto", Editor::Person)];
    let (at, was) = (FieldPath::root().key("profile"), UserProfile::default());
    let profile = UserProfile {
        given_name: Some("Zoe\u{308}".to_owned()),
        roles: BTreeSet::from(["re\u{301}viseur".to_owned()]),
        attributes: BTreeMap::from([("motto".to_owned(), text("a"))]),
        ..UserProfile::default()
    };
    let kept = profile.checked(&declared, &was, &at).unwrap();
    assert_eq!(
        (kept.given_name.as_deref(), kept.roles.first().map(String::as_str)),
        (Some("Zo\u{eb}"), Some("r\u{e9}viseur"))
    );
    let bad = UserProfile {
        birthdate: Some("soon".to_owned()),
        address: PostalAddress { country: Some("\n".to_owned()), ..PostalAddress::default() },
        roles: BTreeSet::from([String::new()]),
        attributes: BTreeMap::from([
            ("motto".to_owned(), AttributeValue::Boolean(true)),
            ("other".to_owned(), text("a")),
        ]),
        ..UserProfile::default()
    };
    let faults = bad.checked(&declared, &was, &at).unwrap_err();
    let places: Vec<String> = faults.iter().map(|fault| fault.at.to_string()).collect();
    assert_eq!(
        places,
        [
            "profile.birthdate",
            "profile.address.country",
            "profile.roles[0]",
            "profile.attributes.motto",
            "profile.attributes.other"
        ]
    );
    // What was there before the pool declared something else disturbs no other change, and is told to nobody.
    let stale = UserProfile { attributes: bad.attributes.clone(), ..UserProfile::default() };
    assert_eq!(stale.checked(&declared, &stale, &at), Ok(stale.clone()));
    assert_eq!(stale.fitting(&declared), UserProfile::default());
    let many = (0..=MOST_ROLES).map(|index| format!("role {index}")).collect();
    assert!(UserProfile { roles: many, ..UserProfile::default() }.checked(&[], &was, &at).is_err());
}

#[test]
fn a_stored_profile_is_read_as_it_was_written() {
    assert_eq!(serde_json::to_string(&UserProfile::default()).unwrap(), "{}");
    let profile = UserProfile {
        given_name: Some("Jo".to_owned()),
        address: PostalAddress { locality: Some("Berlin".to_owned()), ..PostalAddress::default() },
        attributes: BTreeMap::from([
            ("a".to_owned(), AttributeValue::Boolean(true)),
            ("b".to_owned(), AttributeValue::Integer(-7)),
            ("c".to_owned(), text("true")),
            ("d".to_owned(), AttributeValue::Texts(vec!["x".to_owned()])),
        ]),
        ..UserProfile::default()
    };
    let written = serde_json::to_string(&profile).unwrap();
    assert_eq!(serde_json::from_str::<UserProfile>(&written).unwrap(), profile);
    assert_eq!(
        profile.differences(&UserProfile::default()),
        ["given_name", "address.locality", "attributes.a", "attributes.b", "attributes.c", "attributes.d"]
    );
}

#[test]
fn a_profile_is_bounded_as_a_whole() {
    let list = |name: &str| Attribute { kind: AttributeType::StringList, ..attribute(name, Editor::Person) };
    let declared: Vec<Attribute> = (0..4).map(|index| list(&format!("a{index}"))).collect();
    let texts = vec!["\u{4e00}".repeat(256); 16].join("\n");
    let edit = ProfileEdit {
        attributes: declared.iter().map(|one| (one.name.clone(), texts.clone())).collect(),
        ..ProfileEdit::default()
    };
    let refused = UserProfile::default().edited(&edit, &BTreeSet::new(), &declared);
    assert_eq!(refused, Err("attribute.a1".to_owned()));
    let values = declared.iter().map(|one| (one.name.clone(), one.read(&texts).unwrap()));
    let declares = UserProfile { attributes: values.collect(), ..UserProfile::default() };
    let faults = declares.checked(&declared, &UserProfile::default(), &FieldPath::root()).unwrap_err();
    assert_eq!(faults.len(), 1, "{faults:?}");
}

#[test]
fn nobody_fills_a_profile_up_so_that_administrators_cannot_change_it() {
    let lists: Vec<Attribute> = ["a", "b"]
        .into_iter()
        .map(|name| Attribute { kind: AttributeType::StringList, ..attribute(name, Editor::Person) })
        .collect();
    let offered = PersonalField::ALL.iter().copied().collect();
    let line = "\u{1f600}".repeat(126);
    let full = |lines: usize| ProfileEdit {
        attributes: [("a".to_owned(), vec![line.clone(); lines].join("\n"))].into(),
        ..ProfileEdit::default()
    };
    let was = UserProfile::default().edited(&full(32), &offered, &lists).unwrap();
    let names = [TextField::GivenName, TextField::FamilyName, TextField::MiddleName, TextField::Nickname];
    let texts = names.map(|field| (field, "x".repeat(60))).into();
    let names = ProfileEdit { texts, ..ProfileEdit::default() };
    assert!(UserProfile::default().edited(&names, &offered, &lists).is_ok());
    assert!(was.clone().edited(&names, &offered, &lists).is_err(), "the bound holds for texts as well");
    // One that is too large by another way may still be changed, and may become smaller.
    let mut large = was;
    large.attributes.insert("b".to_owned(), AttributeValue::Texts(vec![line.clone(); 32]));
    assert!(large.size() > LARGEST);
    let at = FieldPath::root();
    assert!(large.checked(&lists, &large, &at).is_ok(), "whatever else is changed of the account");
    let smaller = large.clone().edited(&full(1), &offered, &lists).unwrap();
    assert!(smaller.size() < large.size());
    assert!(large.checked(&lists, &smaller, &at).is_err(), "it does not grow beyond");
}

#[test]
fn what_does_not_fit_any_more_is_not_taken_away_by_who_does_not_see_it() {
    let mut was = UserProfile::default();
    was.attributes.insert("motto".to_owned(), AttributeValue::Integer(7));
    let attributes = [("motto".to_owned(), String::new())].into();
    let edit = ProfileEdit { attributes, ..ProfileEdit::default() };
    let declared = [attribute("motto", Editor::Person)];
    assert_eq!(was.clone().edited(&edit, &BTreeSet::new(), &declared), Ok(was));
}

fn some_profile() -> impl Strategy<Value = UserProfile> {
    let texts = proptest::collection::vec(proptest::option::of("[a-c]"), 3);
    (texts, any::<bool>(), proptest::collection::btree_set("[a-c]", 0..3)).prop_map(
        |(texts, verified, roles)| UserProfile {
            given_name: texts[0].clone(),
            nickname: texts[1].clone(),
            phone_number: texts[2].clone(),
            phone_number_verified: verified && texts[2].is_some(),
            attributes: roles.iter().map(|name| (name.clone(), text(name))).collect(),
            roles,
            ..UserProfile::default()
        },
    )
}

proptest! {
    #[test]
    fn whatever_is_kept_is_kept_as_it_is(text in "\\PC{0,60}", index in 0..TextField::ALL.len()) {
        let field = TextField::ALL[index];
        if let Ok(kept) = field.read(&text) {
            prop_assert_eq!(field.read(&kept), Ok(kept.clone()));
            prop_assert!(!kept.chars().any(|c| c.is_control() && c != '\n'));
        }
    }

    #[test]
    fn a_change_is_made_where_it_was_meant_and_nowhere_else(was in some_profile(), now in some_profile(), here in some_profile()) {
        prop_assert_eq!(was.clone().rebased(&was, &now), now.clone());
        prop_assert_eq!(here.clone().rebased(&was, &was), here.clone());
        let rebased = here.clone().rebased(&was, &now);
        let changed = was.differences(&now);
        for name in rebased.differences(&here) {
            let number = name.starts_with("phone") && changed.iter().any(|name| name.starts_with("phone"));
            prop_assert!(number || changed.contains(&name), "{}", name);
        }
    }
}
