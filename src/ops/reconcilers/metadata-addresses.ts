import { BlockList, isIPv6 } from 'node:net';

/**
 * Addresses at which clouds tell a machine who it is, and give it its rights: the link-local ones, and those of single clouds beside them.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
 * @see https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
 * @see https://www.alibabacloud.com/help/en/ecs/user-guide/view-instance-metadata
 */
const METADATA = [
  ...['169.254.0.0/16', '168.63.129.16/32', '100.100.100.200/32', '192.0.0.192/32'],
  ...['fe80::/10', 'fd00:ec2::/32', 'fd20:ce::/32'],
];

/**
 * What of a range of addresses is kept out: whoever wants one of these names it, and does not mean it by naming the whole internet.
 *
 * @param range as `previews.network.egress` has it
 * @returns ranges that are a part of it, and not all of it; none for a text that is no range
 */
export function keptOutOf(range: string): string[] {
  const [start = '', length] = range.split('/');
  const family = isIPv6(start) ? 'ipv6' : 'ipv4';
  const whole = new BlockList();
  try {
    whole.addSubnet(start, Number(length), family);
  } catch {
    return [];
  }
  return METADATA.filter((each) => {
    const [address = '', size] = each.split('/');
    return isIPv6(address) === (family === 'ipv6') && Number(size) > Number(length) && whole.check(address, family);
  });
}
