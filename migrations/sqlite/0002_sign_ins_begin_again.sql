-- A sign-in under way keeps what it is for in another form since this version. It lives for half an hour at most, so the
-- few that are open while the program is replaced begin again instead of being converted.
DELETE FROM flows;
