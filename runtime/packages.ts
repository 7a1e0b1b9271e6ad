// What the prefix holds. Raise prefixVersion whenever the way it is unpacked changes; a change of the list or
// of the version makes a new prefix beside the old one.

export const prefixVersion = 1;

/** Debian's testing suite: the first with Asterisk 22 LTS. */
export const suite = 'forky';

export const packages = [
  'asterisk',
  // The smallest of the packages that can satisfy Asterisk's dependency on its core sounds.
  'asterisk-core-sounds-en-gsm',
  'redis-server',
  'sip-tester',
  'baresip-core',
  'espeak-ng',
  'sox',
  // Not for the centre itself: what measures it from outside, and puts it behind a bad network.
  'tcpdump',
  'iproute2',
] as const;

/** Pulled in by maintainer scripts and tools that the prefix never runs; not unpacked. */
export const notUnpacked = /^(adduser|debconf|dirmngr|gnupg|gpg|passwd|perl|libperl|python3|libpython3|pinentry|libpam|login|logsave|systemd|libsystemd-shared)/;

export const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** Room for the archives and the unpacked files, with a margin. */
export const neededBytes = 700 * 1024 * 1024;
