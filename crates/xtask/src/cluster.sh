# Makes a PostgreSQL cluster in a directory of its own, says when it is ready, and removes both when standard input
# closes: however the program at the other end of that pipe ends, nothing stays behind.
# Arguments: the directory of PostgreSQL's programs, the port, the superuser's name, and `durable` or `fast`.
# First line of standard input: the superuser's password.
set -eu
umask 077
bin=$1 port=$2 user=$3 keeping=$4
IFS= read -r password
dir=$(mktemp -d "${TMPDIR:-/tmp}/vestibule-postgres.XXXXXX")
cd "$dir"

clean_up() {
    trap '' HUP INT TERM
    "$bin/pg_ctl" -D "$dir/data" -m immediate -w stop >/dev/null 2>&1 || :
    cd /
    rm -rf "$dir"
}
trap clean_up EXIT
trap 'exit 143' HUP INT TERM

printf '%s\n' "$password" >password
"$bin/initdb" -D "$dir/data" -U "$user" --pwfile=password --auth=password --encoding=UTF8 --locale=C --no-sync \
    >initdb.log 2>&1 </dev/null || { cat initdb.log >&2; exit 1; }
rm password

# The data is thrown away, so nothing waits for the disk, unless it is the waiting that is to be measured.
if [ "$keeping" = durable ]; then waits=on; else waits=off; fi
cat >>data/postgresql.conf <<EOF
port = $port
listen_addresses = '127.0.0.1'
unix_socket_directories = '$dir'
max_connections = 200
fsync = $waits
synchronous_commit = $waits
full_page_writes = $waits
EOF
"$bin/pg_ctl" -D "$dir/data" -l "$dir/log" -w -t 60 start >start.log 2>&1 </dev/null || {
    cat start.log log >&2
    exit 1
}
echo ready
cat >/dev/null
