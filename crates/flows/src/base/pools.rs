//! Pools in memory: read when they are first asked for, read again when the configuration has changed.

use crate::base::{
    app::App,
    failure::Failure,
    key_sets::{parsed, registered},
    runtime::{Directory, Document, PoolRuntime, signing_key_ad},
    subjects::{PURPOSE, SECRET_BYTES, Subjects, subject_secret_ad},
};
use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, PoisonError},
};
use vestibule_domain::{
    Acr, Client, Evidence, Origin, Pool, PoolId, PoolSettings, TrustedIssuer, assurance::class_of,
};
use vestibule_jose::{Alg, ForeignKeys, Jwk, JwkSet, SigningKey};
use vestibule_mfa::SecondFactor;
use vestibule_oidc::discovery::{Certificates, FILLED_SCOPES, Supported, discovery};
use vestibule_store::{
    PoolTx,
    records::{KeyStatus, SigningKeyRow},
};
use vestibule_x509::Authorities;
use zeroize::Zeroizing;

/// How many pools keep their clients and keys in memory at once.
const MOST_POOLS: usize = 512;

/// An application as the settings of its pool let it be now.
pub(crate) fn in_force(client: Client, settings: &PoolSettings) -> Client {
    client.at(&settings.tokens).within(&settings.client_registration)
}

impl App {
    /// Reads the list of pools again when the configuration has changed since. Returns whether it had.
    ///
    /// # Errors
    /// [`Failure::Store`].
    pub async fn refresh_configuration(&self) -> Result<bool, Failure> {
        let platform = self.shared.store.platform();
        let version = platform.config_version().await?;
        let seen = self.shared.runtimes.0.read().unwrap_or_else(PoisonError::into_inner).version;
        if version == seen {
            return Ok(false);
        }
        let pools = platform.pools().await?;
        let by_authority: HashMap<String, Arc<Pool>> =
            pools.into_iter().map(|pool| (pool.origin.authority().to_owned(), Arc::new(pool))).collect();
        let by_mutual_tls = by_mutual_tls(&by_authority);
        let fresh = Directory { version, by_authority, by_mutual_tls, runtimes: HashMap::new() };
        *self.shared.runtimes.0.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        Ok(true)
    }

    /// The pool that lives at a `Host` (and port), if all of it is in memory.
    pub fn pool_in_memory(&self, authority: &str) -> Option<Arc<PoolRuntime>> {
        let directory = self.shared.runtimes.0.read().unwrap_or_else(PoisonError::into_inner);
        let pool = directory.by_authority.get(authority)?;
        directory.runtimes.get(&pool.id).map(Arc::clone)
    }

    /// A pool by its identifier, if it is there.
    ///
    /// # Errors
    /// [`Failure`] when its clients or keys cannot be read.
    pub(crate) async fn pool_of(&self, id: PoolId) -> Result<Option<Arc<PoolRuntime>>, Failure> {
        let authority = {
            let directory = self.shared.runtimes.0.read().unwrap_or_else(PoisonError::into_inner);
            let mut pools = directory.by_authority.iter();
            pools.find(|(_, pool)| pool.id == id).map(|(authority, _)| authority.clone())
        };
        let Some(authority) = authority else { return Ok(None) };
        Ok(self.pool_at(&authority).await?.filter(|runtime| runtime.pool.id == id))
    }

    /// The origins of all pools.
    pub fn origins(&self) -> Vec<Origin> {
        let directory = self.shared.runtimes.0.read().unwrap_or_else(PoisonError::into_inner);
        directory.by_authority.values().map(|pool| pool.origin.clone()).collect()
    }

    /// The pool that lives at a `Host` (and port), or none: an unknown host is refused.
    ///
    /// # Errors
    /// [`Failure`] when its clients or keys cannot be read.
    pub async fn pool_at(&self, authority: &str) -> Result<Option<Arc<PoolRuntime>>, Failure> {
        if let Some(runtime) = self.pool_in_memory(authority) {
            return Ok(Some(runtime));
        }
        let (pool, version) = {
            let directory = self.shared.runtimes.0.read().unwrap_or_else(PoisonError::into_inner);
            let Some(pool) = directory.by_authority.get(authority) else { return Ok(None) };
            (Arc::clone(pool), directory.version)
        };
        let runtime = Arc::new(self.load(&pool).await?);
        let mut directory = self.shared.runtimes.0.write().unwrap_or_else(PoisonError::into_inner);
        if directory.version == version {
            if directory.runtimes.len() >= MOST_POOLS {
                directory.runtimes.clear();
            }
            directory.runtimes.insert(pool.id, Arc::clone(&runtime));
        }
        Ok(Some(runtime))
    }

    /// The pool whose applications are asked for their certificates at a `Host` (RFC 8705 §5). Nothing of it is for people there.
    ///
    /// # Errors
    /// [`Failure`] when its clients or keys cannot be read.
    pub async fn pool_by_mutual_tls(&self, authority: &str) -> Result<Option<Arc<PoolRuntime>>, Failure> {
        let home = {
            let directory = self.shared.runtimes.0.read().unwrap_or_else(PoisonError::into_inner);
            directory.by_mutual_tls.get(authority).map(|pool| pool.origin.authority().to_owned())
        };
        match home {
            Some(home) => self.pool_at(&home).await,
            None => Ok(None),
        }
    }

    async fn load(&self, pool: &Pool) -> Result<PoolRuntime, Failure> {
        let store = self.shared.store.pool(pool.id);
        let clients: HashMap<String, Client> = store
            .clients()
            .await?
            .into_iter()
            .map(|client| (client.id.clone(), in_force(client, &pool.settings)))
            .collect();
        let mut signing = HashMap::new();
        let mut verifying = Vec::new();
        for row in store.signing_keys().await? {
            let jwk: Jwk = serde_json::from_str(&row.public_jwk).map_err(Failure::internal)?;
            verifying.push(jwk);
            if row.status == KeyStatus::Active {
                signing.insert(row.alg, self.open_signing_key(pool.id, &row)?);
            }
        }
        let jwks = serde_json::to_string(&JwkSet { keys: verifying.clone() }).map_err(Failure::internal)?;
        let issuer = pool.origin.issuer();
        let discovery = self.discovery_of(pool, &clients, &verifying)?;
        let pairwise = clients.values().any(|client| client.sector().is_some());
        let subjects = Subjects::new(if pairwise { Some(self.subject_secret(pool.id).await?) } else { None });
        Ok(PoolRuntime {
            pool: pool.clone(),
            texts: Arc::new(pool.settings.texts.clone()),
            issuer,
            jwks: Document::new(jwks),
            discovery: Document::new(discovery.to_string()),
            authorities: authorities(pool),
            client_keys: client_keys(&pool.slug, &clients),
            issuer_keys: issuer_keys(pool),
            clients,
            signing,
            verifying,
            subjects,
        })
    }

    /// How applications of a pool can show certificates, if they can.
    fn certificates_of<'a>(&self, pool: &'a Pool) -> Option<Certificates<'a>> {
        let seen = self.shared.sees_certificates;
        let origin = pool.settings.mutual_tls.origin.as_ref().filter(|origin| {
            let directory = self.shared.runtimes.0.read().unwrap_or_else(PoisonError::into_inner);
            directory.by_mutual_tls.get(origin.authority()).is_some_and(|there| there.id == pool.id)
        });
        // A host that is nobody's, or another pool's, is not where these are asked.
        let lost = pool.settings.mutual_tls.origin.is_some() && origin.is_none();
        let arrive = !lost && (seen.by_proxy || (seen.by_listener && origin.is_some()));
        let authorities = pool.settings.mutual_tls.authorities.is_some();
        arrive.then(|| Certificates { authorities, origin: origin.map(Origin::as_str) })
    }

    /// The metadata of a pool, true to what it has: algorithms, classes its factors reach, scopes of its applications.
    fn discovery_of(
        &self,
        pool: &Pool,
        clients: &HashMap<String, Client>,
        keys: &[Jwk],
    ) -> Result<serde_json::Value, Failure> {
        let algs: Vec<Alg> =
            Alg::ALL.into_iter().filter(|alg| keys.iter().any(|key| key.alg() == *alg)).collect();
        let policy = &pool.settings.mfa;
        let allowed = |factor: &&dyn SecondFactor| {
            let kind = factor.kind();
            let named = policy.everybody.factors.as_ref();
            named.map_or(factor.traits().on_by_default, |kinds| kinds.contains(&kind))
        };
        let factors =
            self.shared.registry.iter().filter(allowed).map(|factor| factor.potential(&pool.settings));
        let best = class_of([Evidence::password()].into_iter().chain(factors).collect::<Vec<_>>().iter());
        let acr: Vec<Acr> = Acr::ALL.into_iter().filter(|acr| *acr <= best).collect();
        let registered =
            |scope: &&str| clients.values().any(|client| client.scopes.iter().any(|own| own == scope));
        let of_apis = pool.settings.apis.iter().flat_map(|api| &api.scopes).map(String::as_str);
        let of_attributes = pool.settings.attributes.iter().map(|attribute| attribute.scope.as_str());
        let defined: BTreeSet<&str> = FILLED_SCOPES.into_iter().chain(of_apis).chain(of_attributes).collect();
        let scopes: Vec<String> = defined
            .into_iter()
            .filter(|scope| *scope == "openid" || registered(scope))
            .map(str::to_owned)
            .collect();
        let supported = Supported {
            algs: &algs,
            acr: &acr,
            scopes: &scopes,
            attributes: &pool.settings.attributes,
            ui_locales: &self.shared.locales,
            registration: self.shared.can_mail && pool.settings.registration,
            client_registration: pool.settings.client_registration.takes_requests(),
            metadata_documents: pool.settings.client_registration.takes_documents(),
            strict: &pool.settings.tokens.asked(),
            certificates: self.certificates_of(pool),
        };
        discovery(&pool.origin.issuer(), &supported).map_err(Failure::internal)
    }

    /// What the pairwise identifiers of the pool are made with. Drawn when it is first needed; of several nodes that do so, the
    /// one that stores it first decides.
    ///
    /// # Errors
    /// [`Failure`], also when it is sealed under a key that is not in the ring: nothing else may take its place.
    pub(crate) async fn subject_secret(&self, pool: PoolId) -> Result<Zeroizing<Vec<u8>>, Failure> {
        let (store, ad) = (self.shared.store.pool(pool), subject_secret_ad(pool));
        let missing = || Failure::internal("the secret of pairwise identifiers was not stored");
        let sealed = if let Some(sealed) = store.pool_secret(PURPOSE).await? {
            sealed
        } else {
            let mut drawn = Zeroizing::new(vec![0; SECRET_BYTES]);
            self.shared.entropy.fill(&mut drawn);
            let sealed = self.shared.keys.seal(self.shared.entropy.as_ref(), &ad, &drawn);
            let now = self.now();
            let job = move |tx: PoolTx| {
                let sealed = sealed.clone();
                async move { tx.insert_pool_secret(PURPOSE, &sealed, now).await }
            };
            store.write(job).await?;
            store.pool_secret(PURPOSE).await?.ok_or_else(missing)?
        };
        self.shared.keys.open(&ad, &sealed).map_err(Failure::internal)
    }

    fn open_signing_key(&self, pool: PoolId, row: &SigningKeyRow) -> Result<SigningKey, Failure> {
        let plain = self
            .shared
            .keys
            .open(&signing_key_ad(pool, &row.kid), &row.private)
            .map_err(Failure::internal)?;
        SigningKey::from_pkcs8(&row.kid, vestibule_oidc::tokens::key_alg(row.alg), &plain)
            .map_err(Failure::internal)
    }
}

/// The pools by the hosts at which their applications are asked for certificates. The host of a pool is that pool's alone, and
/// one that two pools name is nobody's: whose application would it be that comes there?
fn by_mutual_tls(pools: &HashMap<String, Arc<Pool>>) -> HashMap<String, Arc<Pool>> {
    let named = |pool: &Arc<Pool>| {
        let host = pool.settings.mutual_tls.origin.as_ref()?.authority().to_owned();
        (!pools.contains_key(&host)).then(|| (host, Arc::clone(pool)))
    };
    let mut found: HashMap<String, Arc<Pool>> = HashMap::new();
    let mut twice = BTreeSet::new();
    for (host, pool) in pools.values().filter_map(named) {
        if found.insert(host.clone(), pool).is_some() {
            twice.insert(host);
        }
    }
    for host in twice {
        tracing::warn!(host, "two pools ask for certificates at the same host, so neither is served there");
        found.remove(&host);
    }
    found
}

/// Who vouches for the certificates of a pool's applications. What cannot be read was refused when it was declared.
fn authorities(pool: &Pool) -> Option<Authorities> {
    let parsed = Authorities::parse(pool.settings.mutual_tls.authorities.as_deref()?);
    parsed
        .inspect_err(|error| tracing::error!(%error, pool.slug, "the authorities of a pool are unreadable"))
        .ok()
}

/// The keys of the applications that have registered some. What cannot be read verifies nothing.
fn client_keys(pool: &str, clients: &HashMap<String, Client>) -> HashMap<String, Arc<ForeignKeys>> {
    let read = |client: &Client| {
        let keys = registered(client)?.inspect_err(|error| {
            tracing::warn!(pool, client = client.id, %error, "the keys of an application cannot be read");
        });
        Some((client.id.clone(), Arc::new(keys.ok()?)))
    };
    clients.values().filter_map(read).collect()
}

/// The keys of the trusted issuers whose keys are written down. What cannot be read verifies nothing.
fn issuer_keys(pool: &Pool) -> HashMap<String, Arc<ForeignKeys>> {
    let read = |issuer: &TrustedIssuer| {
        let keys = parsed(issuer.jwks.as_ref()?).inspect_err(|error| {
            tracing::warn!(pool = pool.slug, issuer = issuer.issuer, %error, "the keys of an issuer cannot be read");
        });
        Some((issuer.issuer.clone(), Arc::new(keys.ok()?)))
    };
    pool.settings.trusted_issuers.iter().filter_map(read).collect()
}
