/**
 * A drop-in of systemd that takes from a server all that it does not need: other devices than the usual ones, homes,
 * writing to /usr, /boot and /etc, new privileges, the kernel's settings and modules, and every capability but those given.
 */
export function sandbox(capabilities: readonly string[]): string {
  return `# Managed by provision: changes made here by hand are undone by its next run.
[Service]
NoNewPrivileges=yes
CapabilityBoundingSet=${capabilities.map((name) => `CAP_${name}`).join(' ')}
ProtectSystem=full
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native
`;
}
