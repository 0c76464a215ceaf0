import type { Feature } from '../../core/features';

export default {
  screens: [
    { path: '/login', open: true, load: () => import('./SignIn.svelte') },
    { path: '/register', open: true, load: () => import('./Register.svelte') },
    { path: '/reset-password', open: true, load: () => import('./ResetPassword.svelte') },
    { path: '/verify', open: true, load: () => import('./Verify.svelte') },
    { path: '/join', open: true, load: () => import('./Join.svelte') },
    { path: '/confirm-address', open: true, load: () => import('./ConfirmAddress.svelte') },
  ],
  signInAgain: () => import('./SignInOver.svelte'),
} satisfies Feature;
