//! Every interleaving of those who take, lend and give back a connection, by model: `src/engine/handover.rs` compiled with
//! the locks of loom.

#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "../src/engine/handover.rs"]
mod handover;

mod sync {
    pub(crate) use loom::sync::Mutex;
    pub(crate) use std::sync::PoisonError;
}

use handover::{Lease, Loan, Shelf};
use loom::{
    future::block_on,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
};

/// A connection that notices when two use it at once.
struct Connection {
    in_use: AtomicBool,
    alive: Arc<AtomicUsize>,
}

impl Connection {
    fn new(alive: &Arc<AtomicUsize>) -> Self {
        alive.fetch_add(1, Ordering::SeqCst);
        Self { in_use: AtomicBool::new(false), alive: Arc::clone(alive) }
    }

    fn statement(&self) {
        assert!(!self.in_use.swap(true, Ordering::SeqCst), "two statements at once");
        self.in_use.store(false, Ordering::SeqCst);
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.alive.fetch_sub(1, Ordering::SeqCst);
    }
}

fn model(test: impl Fn() + Sync + Send + 'static) {
    let mut model = loom::model::Builder::new();
    model.preemption_bound = Some(3);
    model.check(test);
}

/// Leases, and makes a connection where none was free. The handle is counted, so that an owner too many is seen.
fn lease(shelf: &std::sync::Arc<Shelf<Arc<Connection>>>, alive: &Arc<AtomicUsize>) -> Lease<Arc<Connection>> {
    let mut lease = block_on(shelf.lease()).unwrap();
    match lease.connection() {
        Some(connection) => assert_eq!(Arc::strong_count(connection), 1, "somebody else still has it"),
        None => lease.put(Arc::new(Connection::new(alive)), false),
    }
    lease
}

#[test]
fn a_leased_connection_has_no_other_owner() {
    model(|| {
        let alive = Arc::new(AtomicUsize::new(0));
        let shelf = Shelf::new(2);
        let user = |shelf: std::sync::Arc<_>, alive: Arc<AtomicUsize>| {
            move || {
                for _ in 0..2 {
                    let mut lease = lease(&shelf, &alive);
                    assert!(alive.load(Ordering::SeqCst) <= 2, "more connections than leases");
                    lease.connection().unwrap().statement();
                    lease.mark(true);
                }
            }
        };
        let other = thread::spawn(user(std::sync::Arc::clone(&shelf), Arc::clone(&alive)));
        user(std::sync::Arc::clone(&shelf), Arc::clone(&alive))();
        other.join().unwrap();
        shelf.close();
        assert_eq!(alive.load(Ordering::SeqCst), 0);
    });
}

#[test]
fn one_permit_is_one_connection_whoever_waits() {
    model(|| {
        let alive = Arc::new(AtomicUsize::new(0));
        let shelf = Shelf::new(1);
        let user = |shelf: std::sync::Arc<_>, alive: Arc<AtomicUsize>| {
            move || {
                let mut lease = lease(&shelf, &alive);
                let connection = lease.take().unwrap();
                connection.statement();
                lease.put(connection, true);
            }
        };
        let others: Vec<_> =
            (0..2).map(|_| thread::spawn(user(std::sync::Arc::clone(&shelf), Arc::clone(&alive)))).collect();
        others.into_iter().for_each(|one| one.join().unwrap());
        assert_eq!(alive.load(Ordering::SeqCst), 1, "the second one got that of the first");
    });
}

#[test]
fn nothing_is_left_on_a_shelf_that_was_closed() {
    model(|| {
        let alive = Arc::new(AtomicUsize::new(0));
        let shelf = Shelf::new(1);
        let mut held = lease(&shelf, &alive);
        held.mark(true);
        let closing = std::sync::Arc::clone(&shelf);
        let closer = thread::spawn(move || closing.close());
        drop(held);
        closer.join().unwrap();
        assert_eq!(alive.load(Ordering::SeqCst), 0);
        assert!(block_on(shelf.lease()).is_err());
    });
}

#[test]
fn a_broken_connection_takes_the_idle_ones_along() {
    model(|| {
        let alive = Arc::new(AtomicUsize::new(0));
        let shelf = Shelf::new(2);
        let (sound, broken) = (lease(&shelf, &alive), lease(&shelf, &alive));
        let idle = thread::spawn(move || {
            let mut sound = sound;
            sound.mark(true);
        });
        broken.clear_shelf();
        drop(broken);
        idle.join().unwrap();
        assert!(alive.load(Ordering::SeqCst) <= 1, "the broken one is not back");
        shelf.close();
        assert_eq!(alive.load(Ordering::SeqCst), 0);
    });
}

#[test]
fn a_loan_that_has_ended_is_of_no_use_to_a_handle_that_escaped() {
    model(|| {
        let alive = Arc::new(AtomicUsize::new(0));
        let loan = std::sync::Arc::new(Loan::new(Connection::new(&alive)));
        let (escaped, ended) = (std::sync::Arc::clone(&loan), Arc::new(AtomicBool::new(false)));
        let over = Arc::clone(&ended);
        let straggler = thread::spawn(move || {
            for _ in 0..2 {
                match block_on(escaped.borrow()) {
                    Some(connection) => {
                        assert!(!over.load(Ordering::SeqCst), "used beyond its end");
                        connection.statement();
                    }
                    None => return,
                }
            }
        });
        let connection = block_on(loan.end()).unwrap();
        ended.store(true, Ordering::SeqCst);
        // The next job's.
        connection.statement();
        assert!(block_on(loan.borrow()).is_none());
        straggler.join().unwrap();
        assert!(block_on(loan.end()).is_none());
    });
}

/// The model can see the fault that it is there for: giving back a copy of a handle, and dropping one's own afterwards.
#[test]
#[should_panic(expected = "somebody else still has it")]
fn a_handle_that_outlives_its_return_is_seen() {
    model(|| {
        let alive = Arc::new(AtomicUsize::new(0));
        let shelf = Shelf::new(2);
        let user = |shelf: std::sync::Arc<_>, alive: Arc<AtomicUsize>| {
            move || {
                let mut lease = lease(&shelf, &alive);
                let own = Arc::clone(lease.connection().unwrap());
                lease.mark(true);
                drop(lease);
                drop(own);
            }
        };
        let other = thread::spawn(user(std::sync::Arc::clone(&shelf), Arc::clone(&alive)));
        user(std::sync::Arc::clone(&shelf), Arc::clone(&alive))();
        other.join().unwrap();
    });
}
