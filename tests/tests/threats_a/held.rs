//! A change stands on the session, the account, the factors and the rules of the moment at which it is written, not of the
//! moment at which its gate was passed.

use crate::support::{SESSION, State, administered, credential, enrolled, entered, state};
use vestibule_domain::{
    AccountPage, CredentialId, MfaMode, Policy, PoolTask, RememberedBrowserId, UserStatus, policy::Proof,
};
use vestibule_flows::{
    Actor, AdminError, Administer, Admission, Admitted, Cx, DisableFactors, EnableFactors, Gated,
    ProfileChange, RegenerateCodes, RemoveFactor, Unchanged, View,
};
use vestibule_tests::{ADMINS, Authenticator, BYSTANDER, Browser, Engine, Server, Setup, on_every_engine};

/// What happens between the gate and the change.
#[derive(Clone, Copy, Debug)]
enum Meanwhile {
    SignedOut,
    Revoked,
    Disabled,
    FactorsReset,
    StricterRules,
}

const ALL: [Meanwhile; 5] = [
    Meanwhile::SignedOut,
    Meanwhile::Revoked,
    Meanwhile::Disabled,
    Meanwhile::FactorsReset,
    Meanwhile::StricterRules,
];

/// Alice's session in a browser, the request of which has come to the gate.
struct Stage {
    server: Server,
    browser: Browser,
    phone: Authenticator,
    cx: Cx,
}

impl Stage {
    async fn new(engine: Engine) -> Self {
        let (server, _, phone) = enrolled(Setup::on(engine)).await;
        let browser = entered(&server, &phone).await;
        assert!(browser.cookies.contains_key(SESSION));
        let cx = server.request_of(&browser).await;
        Self { server, browser, phone, cx }
    }

    async fn admit<A: Gated>(&self, action: A) -> Admitted<A> {
        match self.server.app().sign_in().admit(&self.cx, action).await.unwrap() {
            Admission::Open(admitted) => *admitted,
            Admission::First(_) => panic!("the gate is shut"),
        }
    }

    /// The state after it.
    async fn happens(&mut self, meanwhile: Meanwhile) -> State {
        let slug = self.server.pool().slug.clone();
        match meanwhile {
            Meanwhile::SignedOut => {
                let page = self.browser.get("/u").await;
                self.browser.submit(page.form("/u/sign-out")).await;
            }
            Meanwhile::Revoked => {
                let mut other = entered(&self.server, &self.phone).await;
                let page = other.get("/u/sessions").await;
                other.submit(page.form("/u/sessions/revoke-others")).await;
            }
            Meanwhile::Disabled => {
                let admin = self.server.admin();
                assert!(admin.set_user_status(&slug, "alice", UserStatus::Disabled).await.unwrap());
            }
            Meanwhile::FactorsReset => {
                self.server.admin().reset_factors(&slug, "alice").await.unwrap();
            }
            Meanwhile::StricterRules => {
                let change = |settings: &mut vestibule_domain::PoolSettings| {
                    settings.mfa = Policy::of(MfaMode::Required);
                    settings.mfa.everybody.min_acr = Some(vestibule_domain::Acr::Phr);
                    settings.mfa.everybody.remove = Some(Proof::PasswordAndFactor);
                };
                self.server.rule(change).await;
            }
        }
        state(&self.server).await
    }
}

fn is_refused<T>(done: &Result<T, Unchanged>) -> bool {
    matches!(done, Err(Unchanged::Ended))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a43_a_change_of_factors_is_judged_again_when_it_is_written() {
    on_every_engine(|engine| async move {
        for meanwhile in ALL {
            let mut stage = Stage::new(engine).await;
            let id: CredentialId = credential(&stage.server, "Authenticator app").await.parse().unwrap();
            let (remove, disable) = (stage.admit(RemoveFactor(id)).await, stage.admit(DisableFactors).await);
            let regenerate = stage.admit(RegenerateCodes).await;
            let (choose, rename) =
                (stage.admit(EnableFactors).await, stage.admit(View(AccountPage::Security)).await);
            let before = stage.happens(meanwhile).await;
            let (cx, accounts) = (&stage.cx, stage.server.app().accounts());
            // What is gone is unknown before anything is written.
            if !matches!(meanwhile, Meanwhile::FactorsReset) {
                assert!(is_refused(&accounts.remove_factor(cx, &remove).await), "{meanwhile:?}");
                assert!(is_refused(&accounts.disable_factors(cx, &disable).await), "{meanwhile:?}");
                assert!(is_refused(&accounts.regenerate(cx, &regenerate, None).await), "{meanwhile:?}");
            } else {
                let _ = accounts.remove_factor(cx, &remove).await;
                let _ = accounts.disable_factors(cx, &disable).await;
                let _ = accounts.regenerate(cx, &regenerate, None).await;
            }
            assert!(is_refused(&accounts.choose_factors(cx, &choose).await), "{meanwhile:?}");
            assert!(is_refused(&accounts.rename_factor(cx, &rename, id, "mine").await), "{meanwhile:?}");
            assert_eq!(state(&stage.server).await, before, "{meanwhile:?}");
            assert_eq!(stage.server.audited("factor-removed", "done").await, 0);
            assert_eq!(stage.server.audited("codes-regenerated", "done").await, 0);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a43_nothing_else_of_an_account_is_changed_by_a_session_that_ended() {
    on_every_engine(|engine| async move {
        for meanwhile in ALL {
            let mut stage = Stage::new(engine).await;
            let account = stage.admit(View(AccountPage::Home)).await;
            let profile = stage.admit(View(AccountPage::Profile)).await;
            let session = account.live.session.id;
            let before = stage.happens(meanwhile).await;
            let (cx, accounts) = (&stage.cx, stage.server.app().accounts());
            let change = ProfileChange { name: Some("Mallory".to_owned()), ..ProfileChange::default() };
            let named = accounts.update_profile(cx, profile, change).await;
            assert!(is_refused(&named), "{meanwhile:?}");
            assert!(is_refused(&accounts.revoke_session(cx, &account, session).await), "{meanwhile:?}");
            assert!(is_refused(&accounts.revoke_other_sessions(cx, &account).await), "{meanwhile:?}");
            assert!(is_refused(&accounts.revoke_app(cx, &account, "app").await), "{meanwhile:?}");
            let browser = RememberedBrowserId::from_uuid(session.as_uuid());
            let forgotten = accounts.forget_remembered_browser(cx, &account, browser).await;
            assert!(is_refused(&forgotten), "{meanwhile:?}");
            assert_eq!(state(&stage.server).await, before, "{meanwhile:?}");
        }
    })
    .await;
}

/// What an administrator does on the settings page, each behind the gate for it.
const TASKS: [&str; 3] = ["switch", "reset", "address"];

impl Stage {
    /// As [`Stage::new`], where Alice and Carol are administrators and Bob is not.
    async fn administered(engine: Engine) -> Self {
        let (server, browser, phone) = administered(Setup::on(engine)).await;
        // Alice is not the last one.
        server.add_member("carol", &[ADMINS]).await;
        let cx = server.request_of(&browser).await;
        Self { server, browser, phone, cx }
    }

    async fn actor(&self, task: &str) -> Actor {
        let username = BYSTANDER.to_owned();
        let task = match task {
            "switch" => PoolTask::SwitchSecondFactor(MfaMode::Required),
            "reset" => PoolTask::ResetFactors { username },
            _ => PoolTask::ChangeAddress { username, email: "new@example.test".to_owned() },
        };
        self.admit(Administer(task)).await.actor(self.server.app(), &self.cx).unwrap()
    }

    /// Does it. The inner error says that the gate is shut by now.
    async fn administers(&self, task: &str, actor: Actor) -> Result<(), AdminError> {
        let (admin, pool) = (self.server.app().admin(actor), self.server.pool().slug.as_str());
        match task {
            "switch" => admin.switch_mfa(pool, MfaMode::Required).await.map(|_| ()),
            "reset" => admin.reset_factors(pool, BYSTANDER).await.map(|_| ()),
            _ => admin.change_address(pool, BYSTANDER, "new@example.test").await.map(|_| ()),
        }
    }

    /// The switch for everybody, and what Bob has.
    async fn administrated(&self) -> (MfaMode, Option<String>, usize) {
        let pool = self.server.admin().pool_named(&self.server.pool().slug).await.unwrap();
        let bob = self.server.rows().user_by_identifier(BYSTANDER).await.unwrap().unwrap().user;
        let sessions = self.server.rows().sessions_of(bob.id).await.unwrap().len();
        (pool.settings.mfa.mode(), bob.email, sessions)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a43_what_an_administrator_does_is_judged_again_when_it_is_written() {
    on_every_engine(|engine| async move {
        // Nothing happens: it is done.
        let stage = Stage::administered(engine).await;
        let before = stage.administrated().await;
        for task in TASKS {
            let actor = stage.actor(task).await;
            stage.administers(task, actor).await.unwrap();
        }
        let after = stage.administrated().await;
        assert!(before.0 != after.0 && before.1 != after.1, "{after:?}");
        for meanwhile in ALL {
            let mut stage = Stage::administered(engine).await;
            let mut actors = Vec::new();
            for task in TASKS {
                actors.push((task, stage.actor(task).await));
            }
            stage.happens(meanwhile).await;
            let before = stage.administrated().await;
            for (task, actor) in actors {
                let done = stage.administers(task, actor).await;
                // What is so already needs no writing.
                let is_so = task == "switch" && before.0 == MfaMode::Required;
                let refused = matches!(done, Err(AdminError::Ended)) || is_so;
                assert!(refused, "{meanwhile:?} {task} {done:?}");
            }
            assert_eq!(stage.administrated().await, before, "{meanwhile:?}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a43_whoever_is_no_administrator_any_more_changes_nothing() {
    on_every_engine(|engine| async move {
        for leaves in [true, false] {
            let stage = Stage::administered(engine).await;
            let mut actors = Vec::new();
            for task in TASKS {
                actors.push((task, stage.actor(task).await));
            }
            if leaves {
                let out = |spec: &mut vestibule_flows::UserSpec| spec.groups.clear();
                stage.server.admin().update_user(&stage.server.pool().slug, "alice", out).await.unwrap();
            } else {
                stage.server.rule(|settings| settings.admin_group = None).await;
            }
            let before = stage.administrated().await;
            for (task, actor) in actors {
                let done = stage.administers(task, actor).await;
                assert!(matches!(done, Err(AdminError::Ended)), "{leaves} {task} {done:?}");
            }
            assert_eq!(stage.administrated().await, before, "{leaves}");
        }
    })
    .await;
}
