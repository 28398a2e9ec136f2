//! Nobody is locked out, whatever administrators do: random operations, and after each of them everybody who got in
//! still gets in, or the operation was refused.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "helpers of tests")]

use std::collections::BTreeMap;
use vestibule_domain::{
    Acr, Credential, CredentialId, FactorKind, MfaMode, Policy, Timestamp, UserId, UserStatus,
    credential::Public,
    policy::{Ask, Rule, When},
};
use vestibule_flows::{AdminError, Asked, PolicyQuestion, ResetAnswer};
use vestibule_seal::testing::SeededEntropy;
use vestibule_tests::{ADMINS, Engine, Server, Setup};

const USERS: [&str; 5] = ["alice", "carol", "dave", "erin", "frank"];
const KINDS: [&str; 4] = ["totp", "passkey", "email", "recovery"];

/// Numbers that look random and are the same every time (Knuth's MMIX generator).
struct Luck(u64);

impl Luck {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    fn maybe<T>(&mut self, value: T) -> Option<T> {
        (self.below(2) == 0).then_some(value)
    }

    fn ask(&mut self) -> Ask {
        let factors = KINDS.iter().filter(|_| self.below(2) == 0).map(|kind| FactorKind::new(kind)).collect();
        Ask {
            mode: Some(self.one(&[MfaMode::Off, MfaMode::Optional, MfaMode::Required])),
            min_acr: Some(self.one(&[Acr::OneFactor, Acr::OneFactor, Acr::Mfa, Acr::Phr])),
            factors: self.maybe(factors),
            distinct: self.maybe(vec![FactorKind::PASSWORD, FactorKind::new("email")]).into_iter().collect(),
            ..Ask::default()
        }
    }

    fn policy(&mut self) -> Policy {
        let groups = vec![self.one(&["finance", ADMINS]).to_owned()];
        let rule = Rule {
            name: "some".to_owned(),
            when: When { groups, ..When::default() },
            ask: Ask { mode: None, ..self.ask() },
        };
        Policy { everybody: self.ask(), rules: self.maybe(rule).into_iter().collect(), spare_forced: false }
    }
}

/// Who gets in where: to the user center and to the application.
async fn ways(server: &Server) -> BTreeMap<(&'static str, bool), bool> {
    let mut ways = BTreeMap::new();
    for user in USERS {
        let found = server.rows().user_by_identifier(user).await.unwrap().unwrap().user;
        if found.status != UserStatus::Active {
            continue;
        }
        for to_app in [false, true] {
            let question = PolicyQuestion {
                pool: "main".to_owned(),
                user: Some(user.to_owned()),
                client: to_app.then(|| "app".to_owned()),
                ..PolicyQuestion::default()
            };
            let answer = server.admin().ask_policy(&question).await.unwrap();
            ways.insert((user, to_app), answer.asked != Asked::Refused);
        }
    }
    ways
}

async fn admins_inside(server: &Server) -> usize {
    let mut inside = 0;
    for (user, to_app) in ways(server).await.into_iter().filter(|(_, open)| *open).map(|(who, _)| who) {
        let found = server.rows().user_by_identifier(user).await.unwrap().unwrap().user;
        inside += usize::from(!to_app && found.groups.iter().any(|group| group == ADMINS));
    }
    inside
}

async fn id_of(server: &Server, user: &str) -> UserId {
    server.rows().user_by_identifier(user).await.unwrap().unwrap().user.id
}

/// The user enrols something of their own; no administrator is asked.
async fn enrol(server: &Server, luck: &mut Luck, entropy: &SeededEntropy) {
    let (user, kind) = (luck.one(&USERS), luck.one(&KINDS));
    let credential = Credential {
        id: CredentialId::new(Timestamp::from_seconds(server.clock.seconds()), entropy),
        user: id_of(server, user).await,
        kind: FactorKind::new(kind),
        label: String::new(),
        public: Public::default(),
        secret: None,
        counter: 0,
        chosen: true,
        created_at: Timestamp::EPOCH,
        last_used_at: None,
    };
    let write = server.rows();
    write.write(move |tx| async move { tx.insert_credential(&credential).await }).await.unwrap();
}

/// Something that an administrator does; what it was, and whether it was done.
async fn operate(server: &Server, luck: &mut Luck) -> (String, Result<(), AdminError>) {
    let user = luck.one(&USERS);
    match luck.below(5) {
        0 | 1 => {
            let mut spec = server.declared().await;
            spec.settings.mfa = luck.policy();
            let what = format!("{:?}", spec.settings.mfa);
            (what, server.admin().apply(&[spec]).await.map(drop))
        }
        2 => {
            let status = luck.one(&[UserStatus::Active, UserStatus::Disabled]);
            (
                format!("{user} {status:?}"),
                server.admin().set_user_status("main", user, status).await.map(drop),
            )
        }
        3 => {
            let answer = match server.admin().reset_factors("main", user).await {
                Ok(ResetAnswer::Done(_)) => Ok(()),
                Ok(ResetAnswer::Blocked { username }) => Err(AdminError::Strands(username)),
                Ok(other) => panic!("{other:?}"),
                Err(error) => Err(error),
            };
            (format!("factors of {user} reset"), answer)
        }
        _ => {
            let acr = luck.one(&[None, Some(Acr::Mfa), Some(Acr::Phr)]);
            let mut spec = server.declared().await;
            spec.clients = server.spec_of_main().clients;
            for client in &mut spec.clients {
                client.client.min_acr = acr;
            }
            (format!("application {acr:?}"), server.admin().apply(&[spec]).await.map(drop))
        }
    }
}

async fn run(engine: Engine, seed: u64) {
    let server = Setup::on(engine).administered().start().await;
    let entropy = SeededEntropy::new(seed);
    server.add_member("carol", &[ADMINS]).await;
    server.add_member("dave", &["finance"]).await;
    server.add_member("erin", &["finance"]).await;
    server.add_user("frank").await;
    let mut luck = Luck(seed);
    let (mut done, mut refused) = (0, 0);
    for step in 0..60 {
        if luck.below(3) == 0 {
            enrol(&server, &mut luck, &entropy).await;
        }
        let (before, admins) = (ways(&server).await, admins_inside(&server).await);
        let (what, outcome) = operate(&server, &mut luck).await;
        let after = ways(&server).await;
        match outcome {
            Ok(()) => {
                done += 1;
                for (who, open) in before.iter().filter(|(who, open)| **open && after.contains_key(*who)) {
                    assert_eq!(after[who], *open, "seed {seed}, step {step}: {who:?} is shut out by {what}");
                }
                let inside = admins_inside(&server).await;
                assert!(inside > 0 || admins == 0, "seed {seed}, step {step}: no admin is left by {what}");
            }
            Err(AdminError::LockOut(_) | AdminError::Strands(_) | AdminError::LastAdmin(_)) => {
                refused += 1;
                assert_eq!(before, after, "seed {seed}, step {step}: refused, yet changed: {what}");
            }
            Err(other) => panic!("seed {seed}, step {step}: {what}: {other}"),
        }
    }
    assert!(done > 10 && refused > 3, "seed {seed}: {done} done, {refused} refused");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_administrators_do_nobody_is_locked_out() {
    for seed in 1..=4 {
        run(Engine::Sqlite, seed).await;
    }
}
