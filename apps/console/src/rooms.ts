/** The rooms that exist, in the order of the navigation, each with the beginnings of the addresses within it. */
export const rooms = [{ to: '/campaigns', title: 'Campaigns', within: ['/campaigns', '/enrolments'] }] as const;
