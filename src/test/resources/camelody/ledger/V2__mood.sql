-- Expands: programs that know nothing of it go on.
ALTER TABLE song ADD COLUMN mood TEXT NOT NULL DEFAULT 'calm';
ALTER TABLE task ADD COLUMN mood TEXT;
CREATE INDEX song_mood_idx ON song (mood);
