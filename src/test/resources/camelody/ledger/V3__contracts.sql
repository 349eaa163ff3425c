-- Contracts: programs that still use it may not go on.
DROP INDEX song_state_idx;
UPDATE ledger_version SET oldest_program = 2;
